import { expect, test } from "vitest";
import type { MetricSeries } from "@/api/types";
import { formatBytes, formatCount, formatGain } from "@/lib/format";
import { gapClosed, gradientShares, shareWarnings } from "@/lib/gradient-share";
import { appendText, filterLines, readLines } from "@/lib/log-lines";
import { diffSpecs } from "@/lib/spec-diff";

function series(key: string, ...values: number[]): MetricSeries {
  return {
    key,
    points: values.map((value, index) => ({ step: index * 100, value, at: "2026-01-01T00:00:00Z" })),
  };
}
const norm = (term: string, ...values: number[]) => series(`diagnostics/gradient_norm/${term}`, ...values);

test("a term that hardly pulls is dead, and one that pulls nearly alone drowns the others", () => {
  const shares = gradientShares([norm("box", 1, 1), norm("rank_mimicking", 0.001, 0.001)]);
  expect(shares[0]?.points[0]?.value).toBeCloseTo(99.9, 1);
  expect(shareWarnings(shares).map(({ text }) => text)).toEqual([
    "The term “box” drowns the others: it makes 99.9 % of the gradient. Lower its weight.",
    "The term “rank mimicking” is as good as dead: it makes 0.0999 % of the gradient. Raise its weight, or leave it out.",
  ]);
});

test("terms that share the pull, and a term that is alone, need no warning", () => {
  expect(shareWarnings(gradientShares([norm("a", 1), norm("b", 2)]))).toEqual([]);
  expect(shareWarnings(gradientShares([norm("a", 1)]))).toEqual([]);
});

test("a warning is about the last looks, not about the start", () => {
  expect(shareWarnings(gradientShares([norm("a", 0, 1, 1, 1), norm("b", 1, 1, 1, 1)]))).toEqual([]);
});

test("the gap is closed from the baseline to the teacher", () => {
  const ap = series("val/AP", 30, 35, 45);
  const baseline = series("val/AP", 30).points;
  expect(gapClosed(ap, 40, baseline).map(({ value }) => value)).toEqual([0, 50, 150]);
  expect(gapClosed(ap, 30, baseline)).toEqual([]);
  expect(gapClosed(ap, 40, [])).toEqual([]);
});

test("a student is held against its baseline at the same step, also between the baseline's evaluations", () => {
  const baseline = [
    { step: 50, value: 10 },
    { step: 150, value: 30 },
  ];
  const ap = series("val/AP", 5, 30, 35);
  expect(gapClosed(ap, 40, baseline)).toEqual([
    { step: 100, value: 50 },
    { step: 200, value: 50 },
  ]);
});

test("pieces of a log make lines wherever they are cut", () => {
  const lines = ["one\ntw", "o\n", "three"].reduce<string[]>(appendText, []);
  expect(lines).toEqual(["one", "two", "three"]);
});

test("what is indented below an error belongs to it, and a progress bar shows only its last state", () => {
  const text =
    "start\nTraceback (most recent call last):\n  File x\nValueError: no\nWARNING: slow\n 10%\r 20%\n";
  const lines = readLines(appendText([], text));
  expect(lines.map(({ level }) => level)).toEqual(["info", "error", "error", "error", "warning", "info"]);
  expect(lines.at(-1)?.text).toBe(" 20%");
  expect(filterLines(lines, "", "warning")).toHaveLength(4);
  expect(filterLines(lines, "FILE", "info").map(({ number }) => number)).toEqual([3]);
});

test("specs differ where a value differs; losses are compared by name, not by place", () => {
  const loss = (name: string, weight: number) => ({ name, weight });
  const one = { steps: 1, losses: [loss("a", 1), loss("b", 2)] };
  const other = { steps: 1, losses: [loss("b", 3), loss("a", 1)], teacher: null };
  expect(diffSpecs([one, other])).toEqual([
    { path: "losses.b.weight", values: [2, 3] },
    { path: "teacher", values: [undefined, null] },
  ]);
});

test("a part that one spec does not have is one difference, however much is in it", () => {
  const taught = (temperature: number) => ({ teacher: { weights: "big", losses: { rm: { temperature } } } });
  expect(diffSpecs([taught(1), { teacher: null }, taught(1)])).toEqual([
    { path: "teacher", values: [taught(1).teacher, null, taught(1).teacher] },
  ]);
  expect(diffSpecs([taught(1), { teacher: null }, taught(2)])[1]).toEqual({
    path: "teacher.losses.rm.temperature",
    values: [1, undefined, 2],
  });
});

test("sizes, counts and gains have sensible digits", () => {
  expect([0, 999, 3_456_789].map(formatBytes)).toEqual(["0 B", "999 B", "3.46 MB"]);
  expect([430_123, 3_800_000, 12].map(formatCount)).toEqual(["430 k", "3.8 M", "12"]);
  expect([0.04, 1.26, -3].map(formatGain)).toEqual(["0.0", "+1.3", "−3.0"]);
});
