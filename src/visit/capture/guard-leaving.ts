/** While it records, the browser asks before the page is left; what the recorder holds is fetched first. Returns the way to stop that. */
export function askBeforeLeaving(fetchRest: () => void): () => void {
  const ask = (event: BeforeUnloadEvent): void => {
    fetchRest();
    event.preventDefault();
  };
  addEventListener("beforeunload", ask);
  addEventListener("pagehide", fetchRest);
  return () => {
    removeEventListener("beforeunload", ask);
    removeEventListener("pagehide", fetchRest);
  };
}
