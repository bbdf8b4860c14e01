import type { FilingView } from "#protocol/bff-filing.ts";
import { Banner } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import type { ReactNode } from "react";

type FilingCardProps = {
  filing: FilingView;
  /** The words for the filing's problem: who can mend it and how. */
  words: { title: string; sentence: string };
  /** An instant as the clinic's wall clock. */
  timeOf: (iso: string) => string;
  onRetry: () => void;
  isRetrying: boolean;
  next: ReactNode;
};

/** Where a signed note stands on its way into the chart. Verified is said only after the chart was read back. */
export function FilingCard({ filing, words, timeOf, onRetry, isRetrying, next }: FilingCardProps) {
  if (filing.state === "verified") {
    return (
      <Banner
        tone="good"
        title={`Filed and verified ${filing.verifiedAt === null ? "" : timeOf(filing.verifiedAt)}`}
        action={next}
      >
        OpenEMR note {filing.noteId} in encounter {filing.encounter}. It was read back and is the signed text, letter by
        letter.
      </Banner>
    );
  }
  const retry = (
    <Button onPress={onRetry} isPending={isRetrying}>
      Try now
    </Button>
  );
  if (filing.state === "failed") {
    return (
      <Banner tone="danger" title={words.title} action={retry}>
        {words.sentence} The signed note is kept here.
      </Banner>
    );
  }
  if (filing.problem !== null) {
    return (
      <Banner tone="offline" title="Signed. Waiting to be filed" action={retry}>
        {words.sentence} The signed note is kept here and is filed by itself.
      </Banner>
    );
  }
  return (
    <Banner tone="info" title="Signed. Filing into OpenEMR">
      The note is written to the chart and read back.
    </Banner>
  );
}
