/** Whether the page is fed by a live stream, or has to ask. */
import { useSyncExternalStore } from "react";

export interface LiveStatus {
  mode: "connecting" | "live" | "polling";
  /** Why there is no stream, in words. */
  why: string;
}

let status: LiveStatus = { mode: "connecting", why: "" };
const listeners = new Set<() => void>();

export function setLiveStatus(next: LiveStatus): void {
  if (next.mode === status.mode && next.why === status.why) return;
  status = next;
  for (const each of listeners) each();
}

export function isLive(): boolean {
  return status.mode === "live";
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useLiveStatus(): LiveStatus {
  return useSyncExternalStore(subscribe, () => status);
}
