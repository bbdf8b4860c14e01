import type { LockedVisit } from "#app/queries.ts";
import { sizeWords } from "#app/words.ts";
import { Banner } from "#ui/banner.tsx";

/** Recordings whose key the clinic server keeps: whose they are cannot even be read before it answers. */
export function LockedVisits({ locked }: { locked: readonly LockedVisit[] }) {
  if (locked.length === 0) return null;
  const bytes = locked.reduce((sum, visit) => sum + visit.bytesOnDevice, 0);
  const count = locked.length === 1 ? "1 recording is" : `${locked.length} recordings are`;
  return (
    <Banner tone="warn" title={`${count} locked (${sizeWords(bytes)})`}>
      Audio on this device is encrypted with a key that only the clinic server can open. It is unlocked by itself as
      soon as you are signed in and the clinic server answers. Nothing of it is lost meanwhile.
    </Banner>
  );
}
