import { Banner } from "#ui/banner.tsx";
import { Button, LinkButton } from "#ui/button.tsx";
import { refusedWords, type Room, shortWords } from "./room-words.ts";

/** Said before the visit: this device cannot keep it, or only so much of it. Plenty of room needs no words. */
export function RoomBanner({ room, onRetry }: { room: Room; onRetry: () => void }) {
  const short = shortWords(room);
  if (short !== undefined) {
    return (
      <Banner tone="warn" title={short.title} action={<Ways canMakeRoom canRetry onRetry={onRetry} />}>
        {short.text}
      </Banner>
    );
  }
  if (room.kind !== "refused") return null;
  const { title, text } = refusedWords(room);
  const { code } = room;
  return (
    <Banner
      tone="danger"
      title={title}
      action={
        <Ways canMakeRoom={code === "storage_full"} canRetry={code !== "recorder_unsupported"} onRetry={onRetry} />
      }
    >
      {text}
    </Banner>
  );
}

type WaysProps = { canMakeRoom: boolean; canRetry: boolean; onRetry: () => void };

function Ways({ canMakeRoom, canRetry, onRetry }: WaysProps) {
  return (
    <>
      {canMakeRoom && <LinkButton href="/device">Show what is stored here</LinkButton>}
      {canRetry && <Button onPress={onRetry}>Try again</Button>}
    </>
  );
}
