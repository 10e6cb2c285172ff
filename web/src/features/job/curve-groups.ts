/** Sorts the curves of a job into charts. */
import type { Baseline, Job, MetricSeries } from "@/api/types";
import type { Curve } from "@/charts/align";

const TITLES: Record<string, string> = {
  "train/learning_rate": "Learning rate",
  "train/images_per_second": "Images per second",
  "train/gradient_norm": "Gradient norm",
  "train/loss_scale": "Loss scale",
};
// What other parts of the page show, or what is one number and no curve.
const ELSEWHERE = /^(diagnostics\/|teacher\/|cost\/|val\/AP(\/|$)|val\/AP(50|75)$|train\/loss\/)/;

export interface Groups {
  ap: Curve[];
  losses: Curve[];
  rest: Curve[];
}

/** `baseline`: a training without a teacher, whose best AP is drawn as a line to beat. */
export function groupSeries(series: readonly MetricSeries[], baseline: Baseline | null = null): Groups {
  const by = new Map(series.map((each) => [each.key, each]));
  const curve = (key: string, name: string, color: number, style?: Curve["style"]): Curve[] => {
    const found = by.get(key);
    return found ? [{ key, name, points: found.points, color, style }] : [];
  };
  const begun = by.has("val/AP");
  const losses = series
    .filter(({ key }) => key.startsWith("train/loss/"))
    .sort((a, b) => lossOrder(a.key) - lossOrder(b.key))
    .map(({ key, points }, color): Curve => ({
      key,
      points,
      color,
      name: key.slice(11).replaceAll("_", " "),
    }));
  const rest = series
    .filter(({ key }) => !ELSEWHERE.test(key))
    .sort((a, b) => restOrder(a.key) - restOrder(b.key))
    .map(({ key, points }, index): Curve => ({ key, points, color: index, name: TITLES[key] ?? key }));
  return {
    ap: [
      ...curve("val/AP", "AP", 0),
      ...curve("val/AP50", "AP50", 1),
      ...curve("val/AP75", "AP75", 2),
      ...(begun ? curve("teacher/AP", "teacher AP", 0, "reference") : []),
      ...(begun && baseline ? [referenceLine(baseline)] : []),
    ],
    losses,
    rest,
  };
}

function referenceLine(baseline: Baseline): Curve {
  return {
    key: "baseline",
    name: `${baseline.name} (no teacher)`,
    points: [{ step: 0, value: baseline.best_ap }],
    color: 6,
    style: "reference",
  };
}

function lossOrder(key: string): number {
  const at = ["total", "classification", "box"].indexOf(key.slice(11));
  return at < 0 ? 99 : at;
}

function restOrder(key: string): number {
  const at = Object.keys(TITLES).indexOf(key);
  return at < 0 ? 99 : at;
}

/** The curves that one stream carries: what people watch first. */
export function watchedKeys(series: readonly MetricSeries[], { spec }: Job): string[] {
  const known = series.map(({ key }) => key).filter((key) => /^(train\/|val\/AP(50|75)?$)/.test(key));
  const losses = "space" in spec ? [] : (spec.training.distillation?.losses ?? []);
  const expected = [
    "val/AP",
    "train/loss/total",
    "train/loss/classification",
    "train/loss/box",
    ...losses.map(({ name }) => `train/loss/${name}`),
    "val/AP50",
    "train/learning_rate",
    "train/images_per_second",
  ];
  return [...new Set([...expected, ...known])].sort().slice(0, 20);
}
