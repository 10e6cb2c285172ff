import { type ReactNode, startTransition, useEffect, useState } from "react";

interface Props {
  /** The room that is kept until then, so that nothing moves. */
  height: number;
  children: ReactNode;
}

// A browser that is never idle draws it all the same.
const PATIENCE_MS = 500;

/** Draws its children as soon as the browser has nothing more urgent to do: figures wait for tables. */
export function WhenIdle({ height, children }: Props) {
  const [ready, setReady] = useState(false);
  useEffect(() => onIdle(() => startTransition(() => setReady(true))), []);
  return ready ? children : <div style={{ height }} aria-hidden="true" />;
}

/** Calls back once; answers how to call it off. */
function onIdle(done: () => void): () => void {
  if (typeof globalThis.requestIdleCallback === "function") {
    const asked = requestIdleCallback(done, { timeout: PATIENCE_MS });
    return () => cancelIdleCallback(asked);
  }
  const timer = setTimeout(done);
  return () => clearTimeout(timer);
}
