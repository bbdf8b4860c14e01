/** How sure the code service says it is, in words and as its own number; it is not a judgement of ours. */
export function confidenceWords(percent: number | null): string {
  if (percent === null) return "It does not say how sure it is";
  return `${gradeOf(percent)} (${String(Math.round(percent))} %)`;
}

function gradeOf(percent: number): string {
  if (percent >= 90) return "Very sure";
  if (percent >= 75) return "Fairly sure";
  return percent >= 50 ? "Not very sure" : "Unsure";
}
