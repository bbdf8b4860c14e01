import { list, terms } from "./list.ts";

/** What a patient feels or notices. */
export const symptoms = list(`
ache aches aching allergic allergies allergy anxious appetite bleeding blister blisters bloated bloating blood blurry breath breathing bruise bruising burning chills
congestion constipated constipation cough coughing cramp cramps cramping crying diarrhea diarrhoea discharge dizziness dizzy ear-ache
earache faint fainting fatigue fever feverish gas headache headaches heartburn hives hoarse hungry hurt hurting hurts
insomnia itch itches itching itchy joint lightheaded lump mucus nausea nauseous nauseated numb numbness pain painful pains
palpitations phlegm pressure rash runny sad seizure shaking sick sleepy sneezing snore sore soreness spasm spasms sputum
stiff stiffness stomachache stress stressed stuffy swallow swallowing sweating sweats swelling swollen thirsty thirst
throbbing throw throwing tingling tired toothache tremor trouble urinating urination urine vision vomit vomiting weak
weakness wheeze wheezing worse worsening
`);

/** How something examined looks, feels or sounds. */
export const signs = list(`
abnormal bilateral blister blisters bloodshot blue bluish bruised bruising bulging bump bumps burn bite cataract clean clear closed cold congested cracked crackles
crusted distended draining dry edema enlarged equal even fine firm flat fluid full good guarding hard healed healing
hot inflamed inflammation injected intact irregular irregularly limited lump mass moist murmur murmurs negative normal
normally numb okay open pale pink positive purple pus quiet rash raw reactive rebound red redness regular regularly rhythm
round rub scab scaly scratch sensitive shiny size slow smooth soft sore sores spasm spot spots steady stiff strong stronger supple swelling swollen symmetric
symmetrical tender tenderness thick tight unremarkable warm warmth weak weaker well wet wheeze wheezes wheezing white yellow
crackling rattling fracture fractures
`);

/** Names of what a patient may have. */
export const conditions = terms(`
abscess, acid reflux, acne, allergic reaction, anemia, anemic, angina, anxiety, appendicitis, arthritis, asthma, asthma attack
atrial fibrillation, bacterial, blood clot, break, broken, bronchiolitis, bronchitis, bruise, bug bite, burn bursitis, cancer, carpal tunnel
cataract, cellulitis, chicken pox, cold, cold sore, colitis, concussion, conjunctivitis, dislocated, copd, covid, croup, cyst
ear wax, dehydrated, dehydration, dementia, depressed, depression, dermatitis, diabetes, diabetic, diverticulitis, ear infection
eczema, emphysema, epilepsy, flu, food poisoning, fracture, fractured, fungal, frozen shoulder, fungus, gallstones, gastritis, glaucoma, gout
hay fever, heart attack, heart disease, heart failure, hemorrhoids, hepatitis, hernia, herniated disc, high blood pressure
high blood sugar, high cholesterol, hives, hyperlipidemia, hypertension, hyperthyroidism, hypothyroidism, impetigo
indigestion, infected, infection, influenza, insomnia, irritable bowel, kidney disease, kidney infection, kidney stone
kidney stones, laceration, laryngitis, lice, low blood pressure, low blood sugar, lyme disease, menopause, migraine, migraines, mononucleosis
muscle spasm, muscle strain, neuropathy, obesity, osteoarthritis, osteoporosis, otitis, overweight, panic attack
panic attacks, pink eye, pinched nerve, plantar fasciitis, pneumonia, poison ivy, poison oak, prediabetes, pregnant, psoriasis
pulled muscle, reflux, rheumatoid arthritis, ringworm, rosacea, scabies, sciatica, serious, shingles, sinus infection, sinusitis
skin infection, sleep apnea, spider bite, sprain, sprained, sting, sunburn, stomach bug, stomach flu, strain, strained, strep, strep throat, stroke
swimmer's ear, tendinitis, tendonitis, tennis elbow, tension headache, tension headaches, thrush, thyroid disease
tonsillitis, torn, tumor, ulcer, ulcers, urinary tract infection, uti, vertigo, viral, virus, wart, warts, yeast infection
`);

/** How a known condition is doing. */
export const courses = terms(`
better, controlled, under control, getting better, getting worse, improved, improving, healing, high, low, stable, too high
too low, unchanged, uncontrolled, worse, worsening, resolved, in remission, elevated, borderline
`);

/** Measured in the room. */
export const vitals = terms(`
blood pressure, bp, pressure, pulse, pulse rate, heart rate, temperature, temp, oxygen, oxygen level, oxygen saturation
saturation, o two, o2, pulse ox, sat, weight, height, respiratory rate, respirations, breathing rate, bmi, body mass index
blood sugar, sugar, glucose, a one c, a1c, hemoglobin, cholesterol, peak flow
`);

/** Tests and pictures. */
export const tests = terms(`
blood test, blood tests, blood work, lab work, labs, lab, test, tests, test results, results, x-ray, x-rays, x ray, x rays
mri, m r i, ct, ct scan, c t scan, cat scan, scan, ultrasound, ekg, ecg, e k g, echo, echocardiogram, stress test, culture, swab
urine test, urine sample, urinalysis, biopsy, mammogram, colonoscopy, endoscopy, spirometry, sleep study, stool sample
strep test, flu test, covid test, pregnancy test, eye exam, hearing test, rapid test
`);

/** What is done or given. */
export const procedures = terms(`
surgery, operation, cast, splint, brace, crutches, stitches, injection, shot, vaccine, vaccination, antibiotic, antibiotics
steroid, steroids, medicine, medicines, medication, medications, pills, inhaler, hospital, emergency room, physical therapy
referral, prescription, specialist, bandage, ointment, cream, eye drops, ear drops, nasal spray, oxygen tank, wheelchair
`);
