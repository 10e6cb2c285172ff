/** Whether the window is as a media query wants it. */
import { useSyncExternalStore } from "react";

// The width below which tables become cards, as in the style sheets.
export const PHONE = "(max-width: 760px)";

/** False where there is no window to measure. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const list = listOf(query);
      list?.addEventListener("change", listener);
      return () => list?.removeEventListener("change", listener);
    },
    () => listOf(query)?.matches ?? false,
  );
}

// Made once a query: it is asked at every drawing.
const lists = new Map<string, MediaQueryList>();

function listOf(query: string): MediaQueryList | undefined {
  if (typeof globalThis.matchMedia !== "function") return undefined;
  const list = lists.get(query) ?? globalThis.matchMedia(query);
  lists.set(query, list);
  return list;
}
