/** Finds, for a value, the place of the nearest value in a table. The table itself may be out of order here and there. */
export function createNearest(table: Float32Array): (value: number) => number {
  const places = Uint32Array.from(table.keys()).sort((a, b) => (table[a] ?? 0) - (table[b] ?? 0));
  const valueAt = (rank: number) => table[places[rank] ?? 0] ?? 0;

  return (value) => {
    let [low, high] = [0, places.length - 1];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (valueAt(middle) < value) low = middle;
      else high = middle;
    }
    return places[value - valueAt(low) < valueAt(high) - value ? low : high] ?? 0;
  };
}
