/** What the states of a job mean for the page. */
import { isLive } from "@/api/live-status";
import type { JobState } from "@/api/types";

export const JOB_STATES: readonly JobState[] = [
  "queued",
  "starting",
  "running",
  "pausing",
  "paused",
  "cancelling",
  "succeeded",
  "failed",
  "cancelled",
];

const FINAL: ReadonlySet<string> = new Set(["succeeded", "failed", "cancelled"]);

export function isFinal(state: JobState): boolean {
  return FINAL.has(state);
}

export function canCancel(state: JobState): boolean {
  return !isFinal(state) && state !== "cancelling";
}

/** Milliseconds between two looks at an object in this state; none while a live stream brings what changes. */
export function pollInterval(state: JobState | undefined): number | false {
  if (isLive()) return false;
  if (state === undefined) return 2_000;
  if (isFinal(state)) return 30_000;
  return state === "queued" || state === "paused" ? 2_500 : 1_500;
}
