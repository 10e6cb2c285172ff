/** Which stream the open page wants. Every page has one connection: to all jobs, or to one job with its curves. */
import { useEffect, useSyncExternalStore } from "react";

export const ALL_JOBS = "/api/v1/stream";
// What one stream can carry.
const MOST_KEYS = 20;

let wanted = ALL_JOBS;
const listeners = new Set<() => void>();

function want(path: string): void {
  if (path === wanted) return;
  wanted = path;
  for (const each of listeners) each();
}

/** Follow one job with the curves of `keys` as long as the component is shown; all jobs where `id` is null. */
export function useJobSource(id: string | null, keys: readonly string[]): void {
  const path = id === null ? ALL_JOBS : jobPath(id, keys);
  useEffect(() => {
    want(path);
    return () => want(ALL_JOBS);
  }, [path]);
}

function jobPath(id: string, keys: readonly string[]): string {
  const query = new URLSearchParams(keys.slice(0, MOST_KEYS).map((key) => ["key", key]));
  return `/api/v1/jobs/${id}/stream${keys.length > 0 ? `?${query.toString()}` : ""}`;
}

export function useLiveSource(): string {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => wanted,
  );
}
