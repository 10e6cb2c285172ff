import type { Schemas } from "@/api/client";

const TONES: Record<Schemas["CheckState"], { tone: string; mark: string }> = {
  checking: { tone: "badge-running", mark: "●" },
  ready: { tone: "badge-succeeded", mark: "✓" },
  refused: { tone: "badge-failed", mark: "✕" },
};

/** How the check of a data set or a model stands, by colour, sign and word. */
export function CheckBadge({ state }: { state: Schemas["CheckState"] }) {
  const { tone, mark } = TONES[state];
  return (
    <span className={`badge ${tone}`}>
      <span className="badge-mark" aria-hidden="true">
        {mark}
      </span>
      {state}
    </span>
  );
}
