/** Medicines by name. Brand names are written with a capital; a generic ending makes an unlisted word a medicine too. */
import { list, terms } from "./list.ts";

const generics = list(`
acarbose acetaminophen acyclovir adalimumab albuterol alendronate allopurinol alprazolam amiodarone amitriptyline amlodipine
amoxicillin amphetamine anastrozole apixaban aripiprazole aspirin atenolol atomoxetine atorvastatin azathioprine azithromycin
baclofen beclomethasone benazepril benzonatate bisoprolol budesonide bumetanide buprenorphine bupropion buspirone calcium
canagliflozin candesartan captopril carbamazepine carvedilol cefdinir cefuroxime celecoxib cephalexin cetirizine chlorthalidone
ciprofloxacin citalopram clarithromycin clindamycin clonazepam clonidine clopidogrel clotrimazole codeine colchicine
cortisone cyclobenzaprine dabigatran dapagliflozin desloratadine dexamethasone dextromethorphan diazepam diclofenac
dicyclomine digoxin diltiazem diphenhydramine divalproex docusate donepezil doxazosin doxycycline dulaglutide duloxetine
empagliflozin enalapril enoxaparin epinephrine ergocalciferol erythromycin escitalopram esomeprazole estradiol eszopiclone
ethambutol etodolac ezetimibe famotidine fenofibrate fentanyl ferrous fexofenadine finasteride fluconazole fluoxetine
fluticasone folate formoterol furosemide gabapentin gemfibrozil glargine glimepiride glipizide glyburide guaifenesin haloperidol
heparin hydralazine hydrochlorothiazide hydrocodone hydrocortisone hydromorphone hydroxychloroquine hydroxyzine ibuprofen
indomethacin insulin ipratropium irbesartan iron isoniazid isosorbide ivermectin ketoconazole ketorolac labetalol lamotrigine
lansoprazole latanoprost letrozole levetiracetam levocetirizine levofloxacin levothyroxine lidocaine linagliptin liraglutide
lisinopril lithium loperamide loratadine lorazepam losartan lovastatin magnesium meclizine medroxyprogesterone melatonin
meloxicam memantine metformin methadone methimazole methocarbamol methotrexate methylphenidate methylprednisolone
metoclopramide metoprolol metronidazole minocycline mirtazapine mometasone montelukast morphine mupirocin nabumetone naloxone
naproxen nifedipine nitrofurantoin nitroglycerin nortriptyline nystatin olanzapine olmesartan omeprazole ondansetron
oseltamivir oxcarbazepine oxybutynin oxycodone pantoprazole paracetamol paroxetine penicillin phenazopyridine phentermine
phenytoin pioglitazone potassium pramipexole prasugrel pravastatin prazosin prednisolone prednisone pregabalin primidone
prochlorperazine progesterone promethazine propranolol pseudoephedrine quetiapine quinapril raloxifene ramipril ranitidine
risedronate risperidone rivaroxaban rizatriptan ropinirole rosuvastatin salbutamol salmeterol semaglutide senna sertraline
sildenafil simvastatin sitagliptin spironolactone sucralfate sulfa sulfamethoxazole sumatriptan tadalafil tamoxifen
tamsulosin telmisartan terbinafine testosterone thyroxine ticagrelor timolol tiotropium tirzepatide tizanidine tolterodine
topiramate torsemide tramadol trazodone tretinoin triamcinolone triamterene trimethoprim valacyclovir valproate valsartan
vancomycin varenicline venlafaxine verapamil vilazodone warfarin zinc ziprasidone zolpidem
`);

export const brands = list(`
adderall advair advil aleve allegra ambien ativan augmentin azithral bactrim benadryl botox celebrex celexa chantix cialis cipro
claritin concerta coreg coumadin cozaar crestor cymbalta depakote diflucan dilaudid diovan eliquis excedrin farxiga flagyl
flexeril flomax flonase flovent glucophage humalog humira imitrex imodium januvia jardiance keflex keppra klonopin
lamictal lantus lasix levaquin lexapro lipitor lopressor lunesta lyrica maalox metamucil miralax mobic motrin mucinex nasonex
neurontin nexium norco norvasc novolog nyquil ozempic pepcid paxil percocet plaquenil plavix pravachol prevacid prilosec
prinivil protonix proventil prozac qvar remeron restoril risperdal ritalin robitussin seroquel singulair spiriva sudafed
symbicort synthroid tamiflu tegretol topamax toprol tramadol trulicity tums tylenol ultram valium valtrex vasotec ventolin
viagra vicodin victoza voltaren wellbutrin xanax xarelto zantac zestril zithromax zocor zofran zoloft zyprexa zyrtec
`);

/** Names of more than one word. */
export const longNames = terms(`
folic acid, vitamin d, vitamin c, vitamin b twelve, vitamin b 12, fish oil, baby aspirin, milk of magnesia, pepto bismol
cough syrup, insulin glargine, insulin lispro, z pack, prenatal vitamin, prenatal vitamins, hydrocortisone cream
nicotine patch, nicotine patches, nicotine gum, birth control pill, birth control pills, water pill, water pills
`);

const endings =
  /^[a-z]{3,}(?:cillin|mycin|pril|sartan|statin|olol|prazole|conazole|zepam|zolam|oxacin|cycline|triptan|gliptin|gliflozin|glutide|dipine|tidine|xaban|parin|lukast|setron|sulfamide|thiazide)s?$/u;

/** Is this word a medicine, by its name or by its generic ending? */
export function isDrugName(word: string): boolean {
  return generics.has(word) || brands.has(word) || (word !== "april" && endings.test(word));
}
