import type { Preset } from "#visit/capture/microphone.ts";
import { RadioCards } from "#ui/radio-cards.tsx";
import { presetWords } from "./microphone-words.ts";

const cards = (["in_room", "video_call"] as const).map((value) => ({ value, ...presetWords[value] }));

/** How the microphone listens: to a room, or beside a loudspeaker. */
export function PresetChoice({ value, onChange }: { value: Preset; onChange: (preset: Preset) => void }) {
  return <RadioCards label="Where the patient is" value={value} cards={cards} onChange={onChange} />;
}
