/** OpenEMR's appointment categories by number (sql/database.sql). */
export const categories: Record<number, string> = {
  1: "No Show",
  2: "In Office",
  3: "Out Of Office",
  4: "Vacation",
  5: "Office Visit",
  6: "Holidays",
  7: "Closed",
  8: "Lunch",
  9: "Established Patient",
  10: "New Patient",
  11: "Reserved",
  12: "Health and Behavioral Assessment",
  13: "Preventive Care Services",
  14: "Ophthalmological Services",
  15: "Group Therapy",
};
