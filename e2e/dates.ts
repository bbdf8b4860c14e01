/** Days that time goes wrong on, as instants of the world's clock: 9:30 in the clinic's morning. */
export const days = {
  /** Tuesday, nothing special. */
  weekday: Date.parse("2026-12-08T09:30:00-05:00"),
  saturday: Date.parse("2026-12-12T09:30:00-05:00"),
  /** Sunday, clocks go forward at 2:00 in New York: the offset is another one than at midnight. */
  clocksChange: Date.parse("2027-03-14T09:30:00-04:00"),
} as const;

export function offsetTo(instantMs: number): number {
  return instantMs - Date.now();
}
