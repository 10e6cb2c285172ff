import { expect, test } from "vitest";
import { alignSeries } from "@/charts/align";
import { makeScale } from "@/charts/axis-scale";
import { isInRanges } from "@/charts/brush";
import { formatDuration, formatNumber } from "@/lib/format";
import { smooth } from "@/lib/smooth";
import { numericPaths, schemaAt } from "@/lib/spec-schema";
import { setInText } from "@/lib/yaml-document";

test("numbers have four digits and no needless zeros", () => {
  expect([0, 0.00012345, 12.34567, 1234567, null].map(formatNumber)).toEqual([
    "0",
    "1.23e-4",
    "12.35",
    "1.23e6",
    "–",
  ]);
});

test("durations have at most two units", () => {
  expect([12, 200, 7500].map(formatDuration)).toEqual(["12 s", "3 min 20 s", "2 h 05 min"]);
});

test("smoothing leaves a constant curve as it is and keeps gaps", () => {
  const smoothed = smooth([2, null, 2, 2], 0.9);
  expect(smoothed[1]).toBeNull();
  expect(smoothed[0]).toBeCloseTo(2);
  expect(smoothed[3]).toBeCloseTo(2);
});

test("a logarithmic axis drops what is not above zero", () => {
  const curves = [
    {
      key: "a",
      name: "a",
      points: [
        { step: 1, value: 0 },
        { step: 2, value: 5 },
      ],
    },
  ];
  expect(alignSeries(curves, { smoothing: 0, yLog: true })).toEqual([
    [1, 2],
    [null, 5],
  ]);
});

test("a range on a logarithmic axis keeps the values between its ends", () => {
  const scale = makeScale({ key: "w", label: "w", log: true, domain: [1, 100] }, []);
  expect(scale.place(10)).toBeCloseTo(0.5);
  expect(isInRanges({ w: 10 }, [scale], { w: [0.4, 0.6] })).toBe(true);
  expect(isInRanges({ w: 90 }, [scale], { w: [0.4, 0.6] })).toBe(false);
});

test("editing a path of YAML keeps its comments and makes missing parents", () => {
  const text = "name: a # the name\ntraining: {}\n";
  const edited = setInText(text, ["training", "optimizer", "learning_rate"], 0.01);
  expect(edited).toContain("# the name");
  expect(edited).toMatch(/learning_rate: 0\.01/);
});

test("the schema of a loss is that of its kind", () => {
  const spec = { training: { distillation: { losses: [{ kind: "rank_mimicking", name: "rm" }] } } };
  const path = ["training", "distillation", "losses", 0, "temperature"];
  expect(schemaAt("job", path, spec)?.exclusiveMinimum).toBe(0);
  expect(numericPaths(spec.training)).toContain("distillation.losses.rm.temperature");
});
