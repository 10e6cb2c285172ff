import { expect, test } from "vitest";
import type { Dimension, SweepSpec, Trial } from "@/api/types";
import { makeScale } from "@/charts/axis-scale";
import type { ChartTheme } from "@/charts/chart-theme";
import { nearestLine, placesOf } from "@/charts/parallel-lines";
import { byObjective, curvesOption } from "@/features/sweep/curves-option";
import { changesOf, exploitsOf, valuesOver } from "@/features/sweep/exploits";
import { narrowedSpace } from "@/features/sweep/narrow";
import { paretoOption } from "@/features/sweep/pareto-option";
import { addedTrial } from "@/features/sweep/steering";
import { barsOf, usedShare } from "@/features/sweep/timeline-option";
import { readPlot } from "@/features/sweep/view";

const theme: ChartTheme = {
  dark: false,
  text: "#111",
  muted: "#555",
  faint: "#bbb",
  line: "#ddd",
  surface: "#fff",
  good: "#065",
  bad: "#a30",
  accent: "#05a",
};

function aTrial(number: number, fields: Partial<Trial> = {}): Trial {
  return {
    number,
    state: "succeeded",
    role: "search",
    seed: 0,
    repeats: null,
    parameters: {},
    schedule: [],
    exploits: [],
    metrics: {},
    objective: number,
    further_objectives: [],
    reports: [{ step: 10, value: number }],
    seconds: 60,
    step: 10,
    mlflow_run_id: null,
    mlflow_url: null,
    started_at: "2027-01-01T00:00:00Z",
    ended_at: "2027-01-01T00:01:00Z",
    reason: "",
    ...fields,
  };
}

const SPACE = {
  weight: { kind: "uniform", low: 1, high: 100, log: true, when: {} },
  depth: { kind: "integer", low: 1, high: 9, log: false, when: {} },
  norm: { kind: "choice", values: ["batch", "group", "none"], when: {} },
} satisfies Record<string, Dimension>;

test("a brush cuts the space down to what it covers", () => {
  const scales = [
    makeScale({ key: "weight", label: "weight", domain: [1, 100], log: true }, []),
    makeScale({ key: "depth", label: "depth", domain: [1, 9] }, []),
    makeScale({ key: "norm", label: "norm", choices: SPACE.norm.values }, []),
    makeScale({ key: "objective", label: "AP" }, [30, 40]),
  ];
  const ranges = { weight: [0.5, 1], depth: [0.3, 0.8], norm: [0, 0.6], objective: [0.9, 1] } as const;
  const found = narrowedSpace({ space: SPACE }, scales, ranges);
  expect(found).toEqual({
    weight: { ...SPACE.weight, low: 10, high: 100 },
    depth: { ...SPACE.depth, low: 4, high: 7 },
    norm: { ...SPACE.norm, values: ["batch", "group"] },
  });
});

test("a trial of one's own has numbers as numbers and leaves out what is empty", () => {
  const space = { ...SPACE, flag: { kind: "choice", values: [true, false], when: {} } } as SweepSpec["space"];
  expect(addedTrial(space, { weight: "12.5", norm: "group", depth: "", flag: "false" })).toEqual({
    weight: 12.5,
    norm: "group",
    flag: false,
  });
});

test("trials share lanes where they did not run side by side", () => {
  const at = (minute: number) => `2027-01-01T00:0${minute}:00Z`;
  const trials = [
    aTrial(1, { started_at: at(0), ended_at: at(2) }),
    aTrial(2, { started_at: at(1), ended_at: at(4) }),
    aTrial(3, { started_at: at(2), ended_at: null }),
  ];
  const bars = barsOf(trials, Date.parse(at(4)));
  expect(bars.map(({ lane }) => lane)).toEqual([0, 1, 0]);
  expect(usedShare(bars)).toBeCloseTo(7 / 8);
  expect(usedShare([])).toBe(0);
});

test("the best trials come first by either direction, those without a value last", () => {
  const trials = [aTrial(1), aTrial(2, { objective: null }), aTrial(3)];
  expect(byObjective(trials, 1).map(({ number }) => number)).toEqual([3, 1, 2]);
  expect(byObjective(trials, -1).map(({ number }) => number)).toEqual([1, 3, 2]);
});

test("stopped trials are dimmed and the best bear their numbers", () => {
  const trials = [aTrial(1, { state: "stopped" }), aTrial(2), aTrial(3), aTrial(4), aTrial(5)];
  const { series } = curvesOption({ trials, name: "AP", sign: 1, theme }) as {
    series: { id: string; lineStyle: { opacity: number }; endLabel?: { show: boolean } }[];
  };
  const of = (id: string) => series.find((each) => each.id === id);
  expect(of("1")?.lineStyle.opacity).toBeLessThan(0.4);
  expect(of("5")?.endLabel?.show).toBe(true);
  expect(of("2")?.endLabel).toBeUndefined();
});

test("the front is drawn from left to right", () => {
  const trials = [aTrial(1, { further_objectives: [9] }), aTrial(2, { further_objectives: [5] })];
  const front = trials.map((trial) => ({
    trial: trial.number,
    values: [trial.number, 10 - trial.number * 2],
  }));
  const answers = { front, objectives: [{ metric: "val/AP" }, { metric: "ms" }] };
  const option = paretoOption({ trials, answers: answers as never, other: 1, theme }) as {
    series: [{ data: number[][] }, { data: unknown[] }];
  };
  expect(option.series[0].data).toEqual([
    [6, 2],
    [8, 1],
  ]);
  expect(option.series[1].data).toHaveLength(2);
});

test("the line under the pointer is found, and none far away", () => {
  const scales = [0, 1].map((at) => makeScale({ key: `axis${at}`, label: "", domain: [0, 1] }, []));
  const lines = [0.2, 0.8].map((value, id) => ({
    id,
    places: placesOf({ id, values: { axis0: value, axis1: value }, quality: null }, scales),
  }));
  const place = { x: (axis: number) => axis * 100, y: (share: number) => 100 - share * 100 };
  expect(nearestLine(lines, place, 2, { x: 50, y: 22 })).toBe(1);
  expect(nearestLine(lines, place, 2, { x: 50, y: 50 })).toBeNull();
  expect(nearestLine(lines, place, 2, { x: 150, y: 20 })).toBeNull();
});

test("an unknown plot in the address is the first one", () => {
  expect(readPlot({ plot: "nonsense", other: -1 })).toEqual({ plot: undefined, other: undefined });
  expect(readPlot({ plot: "timeline", other: 2 })).toEqual({ plot: "timeline", other: 2 });
});

const anExploit = (step: number, weight: number): Trial["exploits"][number] => ({
  step,
  objective: 7,
  from_trial: 5,
  from_step: step,
  from_objective: 9,
  parameters_before: { "optimizer.learning_rate": 0.01, "a.weight": 4 },
  parameters_after: { "optimizer.learning_rate": 0.01, "a.weight": weight },
  mlflow_run_id: null,
  at: "2027-01-01T00:00:00Z",
});

test("what was taken over is listed by step, the newest first", () => {
  const trials = [
    aTrial(2, { exploits: [anExploit(100, 3), anExploit(300, 2)] }),
    aTrial(1, { exploits: [anExploit(300, 1)] }),
    aTrial(3),
  ];
  expect(exploitsOf(trials).map(({ number, exploit }) => [exploit.step, number])).toEqual([
    [300, 1],
    [300, 2],
    [100, 2],
  ]);
});

test("an exploit names the values that it changed alone", () => {
  expect(changesOf(anExploit(100, 3))).toMatch(/^\S*weight 4 → 3$/);
});

test("a value that changed on the way is shown by step, one that did not is not", () => {
  const schedule = [
    { from_step: 0, parameters: { rate: 0.01, weight: 4 } },
    { from_step: 100, parameters: { rate: 0.01, weight: 3 } },
    { from_step: 200, parameters: { rate: 0.01, weight: 3 } },
    { from_step: 300, parameters: { rate: 0.01, weight: 2 } },
  ];
  expect(valuesOver(schedule, "weight")).toBe("4, 3 from 100, 2 from 300");
  expect(valuesOver(schedule, "rate")).toBeNull();
  expect(valuesOver([], "rate")).toBeNull();
});
