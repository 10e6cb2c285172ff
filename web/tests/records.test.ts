import { expect, test } from "vitest";
import type { Schemas } from "@/api/client";
import { balanceWords, classBalance } from "@/features/datasets/balance";
import { boxWords } from "@/features/datasets/sample-figure";
import { layoutLineage } from "@/features/models/lineage-layout";
import type { Lineage } from "@/features/models/queries";
import { auditSearch } from "@/features/settings/audit";
import { expiresAt, tokenState } from "@/features/settings/expiry";
import { readSettingsSearch } from "@/features/settings/search";
import { formatBytes, formatCount } from "@/lib/format";

const NOW = new Date("2027-01-01T00:00:00Z");

test("a token ends after so many days, with a day's last second, or never", () => {
  expect(expiresAt("30", "", NOW)).toBe("2027-01-31T00:00:00.000Z");
  expect(expiresAt("never", "", NOW)).toBeNull();
  const end = new Date(expiresAt("date", "2027-03-04", NOW) ?? "");
  expect([end.getDate(), end.getHours(), end.getSeconds()]).toEqual([4, 23, 59]);
});

test("a token that was revoked is revoked, also after its end", () => {
  const ended = "2026-12-01T00:00:00Z";
  expect(tokenState({ revoked_at: null, expires_at: null }, NOW.getTime())).toBe("active");
  expect(tokenState({ revoked_at: null, expires_at: ended }, NOW.getTime())).toBe("expired");
  expect(tokenState({ revoked_at: ended, expires_at: ended }, NOW.getTime())).toBe("revoked");
});

test("the last day of an audit filter counts whole", () => {
  const { since, until } = auditSearch({ since: "2027-01-31", until: "2027-01-31" });
  expect(Date.parse(until ?? "") - Date.parse(since ?? "")).toBe(86_400_000);
  expect(auditSearch({ since: "2027-99-99" }).since).toBeUndefined();
});

test("what cannot be read of an address is left out", () => {
  const found = readSettingsSearch({ tab: "nonsense", since: "yesterday", refused: "yes", principal: "ada" });
  expect(found).toEqual(readSettingsSearch({ principal: "ada" }));
});

const split = (classes: Record<string, number>) =>
  ({
    instances: Object.values(classes).reduce((sum, count) => sum + count, 0),
    classes: Object.entries(classes).map(([name, instances]) => ({ name, instances })),
  }) as Schemas["SplitReport"];

test("classes of both splits are balanced by their share of the boxes", () => {
  const found = classBalance({ train: split({ cat: 30, dog: 10 }), val: split({ dog: 5, eel: 5 }) });
  expect(found.map(({ name, train, val }) => [name, train, val])).toEqual([
    ["cat", 30, 0],
    ["dog", 10, 5],
    ["eel", 0, 5],
  ]);
  expect(found[1]).toMatchObject({ trainShare: 0.25, valShare: 0.5 });
  expect(balanceWords(found)).toBe("cat, eel occur in one split only.");
});

test("a large imbalance is said in words, a small one is not", () => {
  const even = split({ cat: 10, dog: 9 });
  const uneven = split({ cat: 200, dog: 10 });
  expect(balanceWords(classBalance({ train: even, val: even }))).toBeNull();
  expect(balanceWords(classBalance({ train: uneven, val: uneven }))).toBe(
    "cat has 20 times as many boxes as dog.",
  );
});

test("boxes are counted by class", () => {
  const boxes = ["cat", "dog", "dog"].map((name) => ({
    name,
    iscrowd: false,
    difficult: false,
    box_xywh: [0, 0, 1, 1] as never,
  }));
  expect(boxWords({ boxes })).toBe("3 boxes: 2 dog, 1 cat");
  expect(boxWords({ boxes: [] })).toBe("no boxes");
});

const origin = (name: string, fields: Partial<Lineage> = {}): Lineage => ({
  model: { name, version: 1, sha256: null, aliases: [] },
  weights: null,
  job: null,
  data: null,
  teacher: null,
  ...fields,
});
const job = { id: "job-a", name: "a job", code: null } as Lineage["job"];
const data = { dataset: "harbour@2", hash: null, train: null, val: null };

test("a lineage runs from the teacher and the data over the job to the student and on", () => {
  const student = origin("student", { job, data, teacher: origin("teacher") });
  const followers = Array.from({ length: 9 }, (_, at) => ({
    job_id: `job-${at}`,
    job_name: "next",
    metrics: {},
  }));
  const graph = layoutLineage({
    origin: student,
    descendants: followers as unknown as Schemas["Descendant"][],
  });
  const column = (title: string) => graph.nodes.find((node) => node.title === title)?.column;
  expect(["teacher@1", "harbour@2", "a job", "student@1", "next"].map(column)).toEqual([0, 0, 1, 2, 3]);
  expect(graph.nodes.find((node) => node.subject)?.title).toBe("student@1");
  expect(graph.hidden).toBe(3);
  expect(graph.edges).toContainEqual({ from: "model-0", to: "job-1" });
  expect(graph.edges).toContainEqual({ from: "data-1", to: "job-1" });
});

test("a student without a teacher has its data left of its job", () => {
  const graph = layoutLineage({ origin: origin("baseline", { job, data }), descendants: [] });
  expect(graph.nodes.map(({ kind, column }) => [kind, column])).toEqual([
    ["data", 0],
    ["job", 1],
    ["model", 2],
  ]);
});

test("bytes and counts are short", () => {
  expect([999, 79_400_000].map(formatBytes)).toEqual(["999 B", "79.4 MB"]);
  expect([9_999, 19_800_000, 430_000, null].map(formatCount)).toEqual(["9,999", "19.8 M", "430 k", "–"]);
});
