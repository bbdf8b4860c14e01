import { CircleCheck, Info, TriangleAlert, X } from "lucide-react";
import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from "react";
import { IconButton } from "./button.tsx";
import { join } from "./join.ts";
import styles from "./toast.module.css";

export type Toast = { words: string; tone?: "good" | "info" | "warn"; action?: ReactNode };

type Shown = Toast & { id: number };

export type Speaker = {
  /** Says words to screen readers, politely, and shows nothing. */
  announce: (words: string) => void;
  /** Shows words in the corner for a while and says them too; never the only place of something important. */
  toast: (toast: Toast) => void;
};

const silent: Speaker = { announce: () => undefined, toast: () => undefined };
const SpeakerContext = createContext<Speaker>(silent);
const shownForMs = 8000;

/** The one polite live region of the page, and the corner where toasts appear. */
export function SpeakerProvider({ children }: { children: ReactNode }) {
  const [spoken, setSpoken] = useState("");
  const [toasts, setToasts] = useState<readonly Shown[]>([]);
  const nextId = useRef(0);
  const dismiss = useCallback((id: number) => setToasts((shown) => shown.filter((toast) => toast.id !== id)), []);
  const speaker = useMemo<Speaker>(
    () => ({
      // The same words twice must still be heard: a no-break space makes them new to the screen reader.
      announce: (words) => setSpoken((before) => (before === words ? `${words}\u00a0` : words)),
      toast: (toast) => {
        const id = (nextId.current += 1);
        setToasts((shown) => [...shown.slice(-2), { ...toast, id }]);
        setTimeout(() => dismiss(id), shownForMs);
      },
    }),
    [dismiss],
  );
  return (
    <SpeakerContext value={speaker}>
      {children}
      <div className="visually-hidden" aria-live="polite" role="log" aria-label="Announcements">
        {spoken}
      </div>
      <section className={styles["corner"]} aria-label="Notices" aria-live="polite">
        {toasts.map((toast) => (
          <ToastCard key={toast.id} toast={toast} onClose={() => dismiss(toast.id)} />
        ))}
      </section>
    </SpeakerContext>
  );
}

const icons = { good: <CircleCheck />, info: <Info />, warn: <TriangleAlert /> };

function ToastCard({ toast, onClose }: { toast: Toast; onClose: () => void }) {
  const tone = toast.tone ?? "info";
  return (
    <div className={styles["toast"]}>
      <span className={join(styles["icon"], styles[tone])} aria-hidden="true">
        {icons[tone]}
      </span>
      <p className={styles["words"]}>{toast.words}</p>
      {toast.action}
      <IconButton label="Dismiss" icon={<X />} onPress={onClose} />
    </div>
  );
}

/** `announce(words)` speaks to screen readers, `toast({words})` shows words too. */
export function useSpeaker(): Speaker {
  return useContext(SpeakerContext);
}

/** The polite announcement alone. */
export function useAnnounce(): (words: string) => void {
  return useSpeaker().announce;
}
