/**
 * The last packets of the newest chunks, in memory, so that the next chunk's decoder can settle. Half a second of each running
 * job and no more; after a restart there is none, and one chunk begins faintly.
 */
type Tail = { sequence: number; packets: Uint8Array[] };

export type Tails = {
  /** The packets in front of a chunk; none when they are not here. */
  before(jobId: string, sequence: number): Uint8Array[];
  keep(jobId: string, sequence: number, packets: Uint8Array[]): void;
};

const mostJobs = 2000;

/** Two of each job: a chunk that is sent again needs the same packets in front of it. */
const perJob = 2;

export function createTails(): Tails {
  const jobs = new Map<string, Tail[]>();
  return {
    before: (jobId, sequence) => jobs.get(jobId)?.find((tail) => tail.sequence === sequence - 1)?.packets ?? [],
    keep: (jobId, sequence, packets) => {
      const others = (jobs.get(jobId) ?? []).filter((tail) => tail.sequence !== sequence);
      jobs.delete(jobId);
      jobs.set(jobId, [...others, { sequence, packets }].slice(-perJob));
      const [oldest] = jobs.keys();
      if (jobs.size > mostJobs && oldest !== undefined) jobs.delete(oldest);
    },
  };
}
