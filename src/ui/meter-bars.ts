/** How many bars a level meter has: between two of them there is nothing to draw. */
export const meterBars = 24;
