import { useCallback, useEffect, useState } from "react";
import { useApp } from "#app/app-context.ts";

const askEveryMs = 10_000;

/** Does OpenEMR answer? As it was when the clinic server last looked, asked again while the sign-in page stands; `ask` asks now. */
export function useOpenEmrState(): { isUp: boolean; ask: () => Promise<boolean> } {
  const { bff, bootstrap } = useApp();
  const [isUp, setIsUp] = useState(bootstrap.upstreams.openemr === "up");
  const ask = useCallback(async () => {
    const { upstreams } = await bff.bootstrap();
    setIsUp(upstreams.openemr === "up");
    return upstreams.openemr === "up";
  }, [bff]);
  useEffect(() => {
    const look = () => void ask().catch(() => undefined);
    look();
    const timer = setInterval(look, askEveryMs);
    return () => clearInterval(timer);
  }, [ask]);
  return { isUp, ask };
}
