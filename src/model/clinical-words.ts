/** Plain word lists for checking a note: what changes a meaning when it is dropped. Singular, lower case. */

const list = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

export const negations = list("no not never none without denies denied deny cannot nor negative");
export const sides = list("left right bilateral both");

/** Words that carry no meaning of their own when a note is compared with speech. */
export const fillers = list(`
a about again all also am an and any are as at be because been but by can come could did do does doing down for from
get gets give go goes going good had has have having he help her here his how i if in into is it just know let like
little lot make me medicine more morning much my now of off ok okay on one or our out over patient please reports reported
said says she should so some states take takes taking than thank thanks that the their them then there these they thing
think this to today too up us very visit want was way we well were what when where which who will with would yes you your
m ve re s ll d t clinician doctor per
`);

export const units = list(`
mg mcg g ml unit tablet pill capsule puff drop percent degree pound kilogram kg day week month year hour minute time over
bpm mmhg
`);

/** Units as spoken, to the form a note writes. */
export const unitForms: ReadonlyMap<string, string> = new Map(
  Object.entries({
    milligram: "mg",
    microgram: "mcg",
    gram: "g",
    milliliter: "ml",
    millilitre: "ml",
    kilo: "kg",
    kilogram: "kg",
    lb: "pound",
    tab: "tablet",
    hr: "hour",
    daily: "day",
  }),
);

const drugNames = list(`
acetaminophen albuterol allopurinol amlodipine amoxicillin apixaban aspirin atenolol atorvastatin azithromycin baclofen
benadryl carvedilol cefalexin cephalexin cetirizine ciprofloxacin citalopram clindamycin clonazepam clopidogrel codeine
cortisone diazepam diclofenac digoxin diltiazem diphenhydramine doxycycline duloxetine enalapril escitalopram estradiol
famotidine fluoxetine fluticasone furosemide gabapentin glipizide glyburide hydrochlorothiazide hydrocodone
hydrocortisone ibuprofen insulin ipratropium lamotrigine lasix latanoprost levothyroxine lisinopril lithium loratadine
lorazepam losartan meloxicam metformin methotrexate metoprolol metronidazole montelukast morphine naproxen nitroglycerin
omeprazole ondansetron oxycodone pantoprazole paracetamol penicillin plavix prednisone pregabalin propranolol
quetiapine ramipril ranitidine rosuvastatin salbutamol sertraline sildenafil simvastatin spironolactone sulfa sumatriptan
tamsulosin tramadol trazodone tylenol valsartan venlafaxine ventolin verapamil warfarin zolpidem zyrtec
`);
const drugEndings =
  /(?:cillin|mycin|pril|sartan|statin|olol|prazole|azole|pam|oxacin|cycline|triptan|gliptin|tidine)$/u;

/** Is this word a medicine, by name or by its generic ending? */
export function isDrug(word: string): boolean {
  return drugNames.has(word) || (word.length > 6 && drugEndings.test(word));
}

/** Findings whose denial matters in a note. */
export const findings = list(`
fever cough pain ache chill nausea vomiting diarrhea rash swelling bleeding dizziness headache wheeze wheezing numbness
weakness palpitation fracture broken infection allergy allergic smoke smoking drink drinking pregnant constipation
blood discharge redness itching seizure fainting sweating fatigue cramp lump murmur edema
`);
