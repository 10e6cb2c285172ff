/** What is compared of jobs, read from their curves. */
import type { Job, MetricSeries } from "@/api/types";
import type { Curve } from "@/charts/align";

export interface Compared {
  job: Job;
  series: readonly MetricSeries[];
}

const CLASS_AP = "val/AP/";

export function latest({ series }: Compared, key: string): number | null {
  return series.find((each) => each.key === key)?.points.at(-1)?.value ?? null;
}

/** Metrics that at least one job has, those that people look for first. */
export function sharedKeys(jobs: readonly Compared[]): string[] {
  const keys = new Set(
    jobs.flatMap(({ series }) => series.filter(({ points }) => points.length > 1)).map(({ key }) => key),
  );
  const rank = (key: string) => (/^val\/AP(50|75)?$/.test(key) ? 0 : key.startsWith("train/loss/") ? 1 : 2);
  return [...keys]
    .filter((key) => !key.startsWith(CLASS_AP))
    .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}

/** One curve a job; each job has the same colour and dash in every chart. */
export function curvesOf(jobs: readonly Compared[], key: string): Curve[] {
  return jobs.map(({ job, series }, color) => ({
    key: job.id,
    name: job.name,
    points: series.find((each) => each.key === key)?.points ?? [],
    color,
  }));
}

export interface ClassRow {
  name: string;
  aps: (number | null)[];
}

/** AP of each class in each job; the class on which the jobs differ most comes first. */
export function classRows(jobs: readonly Compared[]): ClassRow[] {
  const names = new Set(
    jobs.flatMap(({ series }) =>
      series.filter(({ key }) => key.startsWith(CLASS_AP)).map(({ key }) => key.slice(CLASS_AP.length)),
    ),
  );
  const rows = [...names].map((name) => ({ name, aps: jobs.map((each) => latest(each, CLASS_AP + name)) }));
  return rows.sort((a, b) => spread(b) - spread(a) || a.name.localeCompare(b.name));
}

function spread({ aps }: ClassRow): number {
  const known = aps.filter((ap) => ap !== null);
  return known.length > 1 ? Math.max(...known) - Math.min(...known) : 0;
}
