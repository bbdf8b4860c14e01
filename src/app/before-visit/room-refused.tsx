import { Banner } from "#ui/banner.tsx";
import { Button, LinkButton } from "#ui/button.tsx";
import { refusedWords, type Room } from "./room-words.ts";

/** Said before the visit: this device cannot keep it. */
export function RoomRefused({ room, onRetry }: { room: Room; onRetry: () => void }) {
  if (room.kind !== "refused") return null;
  const { title, text } = refusedWords(room);
  return (
    <Banner
      tone="danger"
      title={title}
      action={
        <>
          {room.code === "storage_full" && <LinkButton href="/device">Show what is stored here</LinkButton>}
          {room.code !== "recorder_unsupported" && <Button onPress={onRetry}>Try again</Button>}
        </>
      }
    >
      {text}
    </Banner>
  );
}
