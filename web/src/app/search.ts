/** Reads what of a page's state is in the URL. What cannot be read is left out. */
import type { CurveSettings } from "@/features/job/curve-controls";
import type { JobFilter } from "@/features/jobs/queries";
import type { SweepView } from "@/features/sweep/sweep-results";
import { JOB_STATES } from "@/lib/states";

export type Search = Record<string, unknown>;

export const text = (value: unknown) =>
  typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : undefined;
export const flag = (value: unknown) => (typeof value === "boolean" ? value : undefined);

export function jobsSearch(search: Search): JobFilter {
  const wanted = Array.isArray(search.state) ? search.state : [search.state];
  const state = JOB_STATES.filter((each) => wanted.includes(each));
  return {
    state: state.length > 0 ? state : undefined,
    kind: search.kind === "job" || search.kind === "sweep" ? search.kind : undefined,
    project: text(search.project),
    text: text(search.text),
  };
}

export function jobSearch(search: Search): CurveSettings {
  return {
    log: flag(search.log),
    smooth: typeof search.smooth === "number" ? Math.min(0.95, Math.max(0, search.smooth)) : undefined,
  };
}

export function sweepSearch(search: Search): SweepView {
  return { brush: readRanges(search.brush), sort: text(search.sort), desc: flag(search.desc) };
}

function readRanges(value: unknown): SweepView["brush"] {
  if (typeof value !== "object" || value === null) return undefined;
  const ranges = Object.entries(value).filter((entry): entry is [string, [number, number]] => {
    const range: unknown = entry[1];
    return Array.isArray(range) && range.length === 2 && range.every((end) => typeof end === "number");
  });
  return ranges.length > 0 ? Object.fromEntries(ranges) : undefined;
}
