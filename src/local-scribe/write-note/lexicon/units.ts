import { list } from "./list.ts";

/** Units as spoken, to the form a note writes after a figure. */
export const unitForms: ReadonlyMap<string, string> = new Map(
  Object.entries({
    milligram: "mg",
    milligrams: "mg",
    mg: "mg",
    microgram: "mcg",
    micrograms: "mcg",
    mcg: "mcg",
    gram: "g",
    grams: "g",
    g: "g",
    kilogram: "kg",
    kilograms: "kg",
    kilo: "kg",
    kilos: "kg",
    kg: "kg",
    milliliter: "mL",
    milliliters: "mL",
    millilitre: "mL",
    millilitres: "mL",
    ml: "mL",
    cc: "mL",
    ccs: "mL",
    centimeter: "cm",
    centimeters: "cm",
    cm: "cm",
    millimeter: "mm",
    millimeters: "mm",
    mm: "mm",
    percent: "%",
    "%": "%",
  }),
);

/** Written without a blank after the figure. */
export const attachedUnits = list("percent %");

/** Things that are counted: "one" before them is a figure. */
export const countedThings = list(`
tablet tablets pill pills capsule capsules puff puffs drop drops spray sprays unit units dose doses teaspoon teaspoons
tablespoon tablespoons patch patches shot shots injection injections inhalation inhalations
second seconds minute minutes hour hours day days night nights week weeks month months year years time times
degree degrees pound pounds lb lbs ounce ounces inch inches foot feet cup cups glass glasses pack packs bottle bottles
drink drinks beer beers cigarette cigarettes mile miles block blocks point points
`);

/** Words after a dose that say in what form it is given. */
export const doseForms = list(`
tablet tablets pill pills capsule capsules puff puffs drop drops spray sprays unit units teaspoon teaspoons
tablespoon tablespoons patch patches mg mcg g mL
`);
