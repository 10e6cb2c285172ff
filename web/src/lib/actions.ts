/** What can be asked of a job in each state, and what the page says meanwhile. */
import type { Schemas } from "@/api/client";
import type { JobState } from "@/api/types";

export type Action = Schemas["Action"];

interface Words {
  button: string;
  effect: string;
  /** Why the job is in the state that the page shows until the server has answered. */
  underway: string;
}

export const ACTION_WORDS: Record<Action, Words> = {
  pause: {
    button: "Pause",
    effect: "It frees what it holds after writing a checkpoint, and goes on from there when it is resumed.",
    underway: "asked to pause; it writes a checkpoint first",
  },
  resume: {
    button: "Resume",
    effect: "It waits in the queue again and goes on from its newest checkpoint.",
    underway: "asked to go on from its newest checkpoint",
  },
  retry: {
    button: "Retry",
    effect: "It waits in the queue again and goes on from its newest checkpoint.",
    underway: "asked to try again from its newest checkpoint",
  },
  cancel: {
    button: "Cancel…",
    effect: "It ends after writing a checkpoint. Metrics and log are kept.",
    underway: "asked to stop; it writes a checkpoint first",
  },
};

/** The state that an action leads to; nothing where it makes no sense. */
const LEADS_TO: Record<Action, Partial<Record<JobState, JobState>>> = {
  pause: { queued: "paused", starting: "pausing", running: "pausing" },
  resume: { paused: "queued", pausing: "pausing" },
  retry: { failed: "queued", cancelled: "queued" },
  cancel: {
    queued: "cancelled",
    paused: "cancelled",
    starting: "cancelling",
    running: "cancelling",
    pausing: "cancelling",
  },
};

export function stateAfter(action: Action, state: JobState): JobState | undefined {
  return LEADS_TO[action][state];
}

export function actionsOf(state: JobState): Action[] {
  return (["pause", "resume", "retry", "cancel"] as const).filter(
    (action) => stateAfter(action, state) !== undefined && !(action === "resume" && state === "pausing"),
  );
}
