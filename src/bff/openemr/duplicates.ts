/**
 * Patients in the chart who may be the one about to be made: of the same birth date and a like name, or of the same name and
 * another birth date (a slip of the pen). Case, accents, hyphens and the order of names do not matter.
 */
import type { Patient } from "#model/patient.ts";
import type { Access } from "#openemr/call.ts";
import type { Patients } from "#openemr/patients.ts";

type Wanted = { firstName: string; lastName: string; birthDate: string };

export async function findDuplicates(
  patients: Pick<Patients, "search">,
  access: Access,
  wanted: Wanted,
): Promise<Patient[]> {
  const ofDate = await patients.search(access, wanted.birthDate);
  const ofName = await patients.search(access, `${wanted.lastName}, ${wanted.firstName}`);
  const byId = new Map([...ofDate, ...ofName].map(({ patient }) => [patient.id, patient]));
  return [...byId.values()].filter((patient) => isAlike(patient, wanted));
}

function isAlike({ name, birthDate }: Patient, wanted: Wanted): boolean {
  const theirs = wordsOf(name);
  const first = wordsOf(wanted.firstName);
  const last = wordsOf(wanted.lastName);
  const has = (words: readonly string[]): boolean => words.some((word) => theirs.some((other) => isNear(word, other)));
  return birthDate === wanted.birthDate ? has(first) || has(last) : has(first) && has(last);
}

function wordsOf(name: string): string[] {
  const plain = name.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase().replaceAll("ł", "l").replaceAll("ø", "o");
  return plain.split(/[^\p{L}]+/u).filter((word) => word !== "");
}

/** The same, or one letter more, less or other in a word of four and more. */
function isNear(one: string, other: string): boolean {
  if (one === other) return true;
  const [short = "", long = ""] = [one, other].toSorted((a, b) => a.length - b.length);
  if (short.length < 4 || long.length - short.length > 1) return false;
  let same = 0;
  while (same < short.length && short[same] === long[same]) same += 1;
  const rest = long.slice(same + 1);
  return short.slice(long.length === short.length ? same + 1 : same) === rest;
}
