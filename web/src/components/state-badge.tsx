import type { JobState, Trial } from "@/api/types";

const MARKS: Record<JobState | Trial["state"], string> = {
  queued: "○",
  starting: "◔",
  running: "●",
  pausing: "◑",
  paused: "❙❙",
  cancelling: "◌",
  succeeded: "✓",
  failed: "✕",
  cancelled: "⊘",
  stopped: "■",
};

/** A state by colour, sign and word, so that none of them is needed alone. */
export function StateBadge({ state }: { state: JobState | Trial["state"] }) {
  return (
    <span className={`badge badge-${state}`}>
      <span className="badge-mark" aria-hidden="true">
        {MARKS[state]}
      </span>
      {state}
    </span>
  );
}
