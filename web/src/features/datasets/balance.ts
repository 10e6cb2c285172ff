/** How classes and sizes of boxes are spread over the splits of a data set. */
import type { Schemas } from "@/api/client";

export interface ClassBalance {
  name: string;
  train: number;
  val: number;
  /** Share of the split's boxes, 0 to 1. */
  trainShare: number;
  valShare: number;
}

/** Every class of either split with its boxes in both, the most frequent in training first. */
export function classBalance(report: Pick<Schemas["DatasetReport"], "train" | "val">): ClassBalance[] {
  const counts = new Map<string, { train: number; val: number }>();
  for (const split of ["train", "val"] as const)
    for (const { name, instances } of report[split]?.classes ?? [])
      counts.set(name, { train: 0, val: 0, ...counts.get(name), [split]: instances });
  const totals = { train: report.train?.instances ?? 0, val: report.val?.instances ?? 0 };
  const share = (count: number, total: number) => (total > 0 ? count / total : 0);
  return [...counts]
    .map(([name, { train, val }]) => ({
      name,
      train,
      val,
      trainShare: share(train, totals.train),
      valShare: share(val, totals.val),
    }))
    .sort((a, b) => b.train - a.train || b.val - a.val || a.name.localeCompare(b.name));
}

/** What stands out of the balance, in words; null where nothing does. */
export function balanceWords(classes: readonly ClassBalance[]): string | null {
  const absent = classes.filter(({ train, val }) => train === 0 || val === 0).map(({ name }) => name);
  if (absent.length > 0)
    return `${listWords(absent)} ${absent.length > 1 ? "occur" : "occurs"} in one split only.`;
  const first = classes[0];
  const last = classes.at(-1);
  if (!first || !last || classes.length < 2 || last.train === 0) return null;
  const times = first.train / last.train;
  if (times < 10) return null;
  return `${first.name} has ${Math.round(times)} times as many boxes as ${last.name}.`;
}

function listWords(names: readonly string[]): string {
  return names.length > 3 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");
}
