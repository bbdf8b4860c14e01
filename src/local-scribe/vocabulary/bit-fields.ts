/** Numbers of up to 25 bits that follow each other without gaps, lowest bit first, as the sphinx trie packs them. */

/** How many bits hold every number from 0 to `most`. */
export function bitsFor(most: number): number {
  return 32 - Math.clz32(most);
}

/** The number of `width` (at most 25) bits that starts at bit `at`; three more bytes must follow it. */
export function readBits(view: DataView, at: number, width: number): number {
  const first = Math.floor(at / 8);
  return (view.getUint32(first, true) >>> (at % 8)) & ((1 << width) - 1);
}

/** Puts the number there; the bits must still be zero. */
export function writeBits(view: DataView, at: number, value: number): void {
  const first = Math.floor(at / 8);
  view.setUint32(first, (view.getUint32(first, true) | (value << (at % 8))) >>> 0, true);
}
