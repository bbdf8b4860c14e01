/**
 * What goes wrong on purpose. A fault waits for calls of a method and path, acts a number of times and is gone; "down" lasts
 * until "up". Faults never touch the chart: an answer that is lost was written before.
 */
export type Fault = {
  /** `fail` answers with `status` and does nothing; `lose-answer` does the work, then cuts the line; `delay` waits first. */
  kind: "fail" | "lose-answer" | "delay";
  /** Any method when absent. */
  method?: string;
  /** Any part of the path, e.g. `/soap_note`; every path when absent. The OAuth server counts too. */
  path?: string;
  /** How often; 1 when absent. */
  times?: number;
  /** Of `fail`; 500 when absent. */
  status?: number;
  /** Of `delay`. */
  ms?: number;
};
export type Down = "refused" | "unavailable";

export type Faults = {
  add(fault: Fault): void;
  /** The faults that act on this call, used up once. */
  take(method: string, path: string): Fault[];
  clear(): void;
  down: Down | undefined;
};

export function createFaults(): Faults {
  let waiting: { fault: Fault; left: number }[] = [];
  return {
    down: undefined,
    add: (fault) => {
      waiting.push({ fault, left: fault.times ?? 1 });
    },
    take: (method, path) => {
      const kinds = new Set<Fault["kind"]>();
      const acting = waiting.filter(({ fault }) => {
        if (kinds.has(fault.kind) || !concerns(fault, method, path)) return false;
        kinds.add(fault.kind);
        return true;
      });
      for (const entry of acting) entry.left -= 1;
      waiting = waiting.filter(({ left }) => left > 0);
      return acting.map(({ fault }) => fault);
    },
    clear: () => {
      waiting = [];
    },
  };
}

function concerns(fault: Fault, method: string, path: string): boolean {
  return (fault.method === undefined || fault.method === method) && path.includes(fault.path ?? "");
}
