/** Curves as the API sends them: new points are put behind those that are there. */
import type { MetricSeries } from "./types";

/** The curves with the points that are newer than their last ones; curves that were not there come last. */
export function mergeSeries(before: readonly MetricSeries[], news: readonly MetricSeries[]): MetricSeries[] {
  const merged = new Map(before.map((each) => [each.key, each]));
  for (const { key, points } of news) {
    const known = merged.get(key);
    const last = known?.points.at(-1)?.step ?? -Infinity;
    const newer = points.filter(({ step }) => step > last);
    if (newer.length > 0) merged.set(key, { key, points: [...(known?.points ?? []), ...newer] });
  }
  return [...merged.values()];
}
