import { list } from "./list.ts";

/** Parts of the body that are felt, looked at or listened to. */
export const bodyParts = list(`
abdomen ankle ankles appendix arm arms armpit artery arteries back belly bladder bone bones bowel bowels brain breast breasts
breathing buttock calf calves cheek cheeks chest chin collarbone ear ears eardrum eardrums elbow elbows eye eyes eyelid
eyelids face feet finger fingers foot forearm forehead gallbladder gland glands groin gums hair hand hands head heart heel
heels hip hips incision jaw joint joints kidney kidneys knee kneecap knees leg legs lip lips liver lung lungs mouth
muscle muscles nail nails neck nerve nerves nipple node nodes nose nostril ovary pelvis prostate pulses pupils rectum
reflexes rib ribs scalp scar shin shoulder shoulders side sinus sinuses skin skull spine spleen stitches stomach temple
temples tendon testicle thigh thighs throat thumb thyroid toe toenail toes tongue tonsil tonsils tooth teeth uterus vagina
vein veins waist wound wrist wrists
`);
