/** Reads what of a page's state is in the URL. What cannot be read is left out. */
import { BOX_SIZES } from "@/features/job/detections";
import type { JobView } from "@/features/job/job-tabs";
import type { JobFilter, JobSort } from "@/features/jobs/queries";
import { readPlot, type SweepView } from "@/features/sweep/view";
import { JOB_STATES } from "@/lib/states";

const JOB_SORTS: readonly JobSort[] = (
  ["created", "updated", "priority", "name", "state", "ap"] as const
).flatMap((field) => [field, `-${field}` as const]);

export type Search = Record<string, unknown>;

export const text = (value: unknown) =>
  typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : undefined;
export const flag = (value: unknown) => (typeof value === "boolean" ? value : undefined);

export interface JobsView extends JobFilter {
  sort?: JobSort;
  /** The columns that are shown, where they are not those that are shown at first. */
  cols?: string;
}

export function jobsSearch(search: Search): JobsView {
  const wanted = Array.isArray(search.state) ? search.state : [search.state];
  const state = JOB_STATES.filter((each) => wanted.includes(each));
  return {
    state: state.length > 0 ? state : undefined,
    kind: search.kind === "job" || search.kind === "sweep" ? search.kind : undefined,
    project: text(search.project),
    tag: text(search.tag),
    teacher: text(search.teacher),
    student: text(search.student),
    text: text(search.text),
    sort: JOB_SORTS.find((each) => each === search.sort),
    cols: text(search.cols),
  };
}

export function compareSearch(search: Search): { jobs?: string[]; metric?: string } {
  const jobs = asList(search.jobs).flatMap((each) => text(each) ?? []);
  return { jobs: jobs.length > 0 ? [...new Set(jobs)] : undefined, metric: text(search.metric) };
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}

const JOB_TAB_NAMES = ["curves", "diagnostics", "spec", "files", "history"] as const;

export function jobSearch(search: Search): JobView {
  return {
    tab: JOB_TAB_NAMES.find((each) => each === search.tab),
    other: text(search.other),
    log: flag(search.log),
    smooth: typeof search.smooth === "number" ? Math.min(0.95, Math.max(0, search.smooth)) : undefined,
    step: typeof search.step === "number" && search.step >= 0 ? Math.floor(search.step) : undefined,
    label: text(search.label),
    size: BOX_SIZES.find((each) => each === search.size),
  };
}

export function sweepSearch(search: Search): SweepView {
  return {
    brush: readRanges(search.brush),
    sort: text(search.sort),
    desc: flag(search.desc),
    ...readPlot(search),
  };
}

function readRanges(value: unknown): SweepView["brush"] {
  if (typeof value !== "object" || value === null) return undefined;
  const ranges = Object.entries(value).filter((entry): entry is [string, [number, number]] => {
    const range: unknown = entry[1];
    return Array.isArray(range) && range.length === 2 && range.every((end) => typeof end === "number");
  });
  return ranges.length > 0 ? Object.fromEntries(ranges) : undefined;
}
