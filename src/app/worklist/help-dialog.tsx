import { chords, ShortcutList } from "#app/settings/shortcut-list.tsx";
import { LinkButton } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";

const listKeys: typeof chords = [
  { keys: ["↑", "↓"], does: "Walk through a list" },
  { keys: ["Enter"], does: "Open the row" },
  { keys: ["→"], does: "Reach the buttons of a row" },
  { keys: ["/"], does: "Search, while a row has the focus" },
  { keys: ["?"], does: "This help, while a row has the focus" },
];

export function HelpDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title="Keyboard"
      actions={<LinkButton href="/settings">Switch shortcuts on or off</LinkButton>}
    >
      <ShortcutList shortcuts={[...listKeys, ...chords]} />
    </Dialog>
  );
}
