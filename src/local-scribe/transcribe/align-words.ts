/** For each heard word: is it the word that was said at its place? By the alignment with the fewest differences. */
export function rightWords(said: string[], heard: string[]): boolean[] {
  const costs = differences(said, heard);
  const right = heard.map(() => false);
  let [i, j] = [said.length, heard.length];
  while (i > 0 && j > 0) {
    const isSame = said[i - 1] === heard[j - 1];
    const here = cost(costs, i, j);
    if (here === cost(costs, i - 1, j - 1) + Number(!isSame)) {
      right[j - 1] = isSame;
      i -= 1;
      j -= 1;
    } else if (here === cost(costs, i - 1, j) + 1) i -= 1;
    else j -= 1;
  }
  return right;
}

/** How many words are wrong, missing or too many. */
export function countDifferences(said: string[], heard: string[]): number {
  return cost(differences(said, heard), said.length, heard.length);
}

function differences(said: string[], heard: string[]): number[][] {
  const costs = [Array.from({ length: heard.length + 1 }, (_, j) => j)];
  said.forEach((word, i) => {
    const row = [i + 1];
    heard.forEach((other, j) => {
      row.push(Math.min(cost(costs, i, j) + Number(word !== other), cost(costs, i, j + 1) + 1, (row[j] ?? 0) + 1));
    });
    costs.push(row);
  });
  return costs;
}

function cost(costs: number[][], i: number, j: number): number {
  return costs[i]?.[j] ?? 0;
}
