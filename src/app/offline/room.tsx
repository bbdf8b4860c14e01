import { createPortal } from "react-dom";
import { type ReactNode, useLayoutEffect, useRef, useState } from "react";
import { putOverlaysIn } from "#ui/overlay-place.ts";
import styles from "./room.module.css";

/**
 * Everything after sign-in, and what stands in its place while it is covered. Covered means taken out of the document: no patient
 * data is in it, for the eye, a screen reader or a script. The screens themselves live on, with what was typed into them.
 */
export function Room({ isCovered, cover, children }: { isCovered: boolean; cover: ReactNode; children: ReactNode }) {
  const [room] = useState(makeRoom);
  const place = useRef<HTMLDivElement>(null);
  const left = useRef<{ focus: Element | null; scrollY: number } | undefined>(undefined);
  useLayoutEffect(() => {
    putOverlaysIn(room.overlays);
    return () => putOverlaysIn(undefined);
  }, [room]);
  useLayoutEffect(() => {
    if (isCovered) {
      if (room.whole.isConnected) left.current = { focus: document.activeElement, scrollY };
      room.whole.remove();
      return;
    }
    place.current?.append(room.whole);
    if (left.current === undefined) return;
    if (left.current.focus instanceof HTMLElement) left.current.focus.focus({ preventScroll: true });
    scrollTo(0, left.current.scrollY);
  }, [room, isCovered]);
  return (
    <>
      <div ref={place} className={styles["plain"]} />
      {createPortal(children, room.screens)}
      {isCovered && cover}
    </>
  );
}

function makeRoom() {
  const [whole, screens, overlays] = [plain(), plain(), plain()];
  whole.append(screens, overlays);
  return { whole, screens, overlays };
}

function plain(): HTMLDivElement {
  const element = document.createElement("div");
  element.className = styles["plain"] ?? "";
  return element;
}
