import { expect, test } from "vitest";
import { type Dataset, type Model, preflight, readReference } from "@/features/submit/preflight";
import { cluster } from "./server";

const finding = {
  code: "no_boxes",
  severity: "warning",
  split: "train",
  count: 2,
  message: "39 images have no boxes",
  examples: [],
} as const;

function aDataset(fields: Partial<Dataset> = {}): Dataset {
  const split = { images: 2000, classes: [{ name: "zero" }, { name: "one" }] };
  const report = { train: split, val: { ...split, images: 400 }, findings: [finding] };
  return { name: "digits", version: 3, state: "ready", reason: "", report, ...fields } as unknown as Dataset;
}

function aModel(class_names: string[], state = "ready"): Model {
  const sample = { dataset: "digits@3", images: 100, metrics: { AP: 79.4 } };
  const report = { class_names, metrics: {}, sample, findings: [] };
  return {
    name: "teacher",
    version: { version: 1, state, reason: "no such file" },
    report,
  } as unknown as Model;
}

const spec = (dataset: string | null, resources = {}) => ({
  kind: "job",
  resources,
  training: { data: { dataset }, distillation: { teacher: { model: "teacher@1" } } },
});

test("a name of a spec is read with its version or alias", () => {
  expect(readReference("digits")).toEqual({ name: "digits" });
  expect(readReference("digits@3")).toEqual({ name: "digits", version: 3 });
  expect(readReference("digits@best")).toEqual({ name: "digits", alias: "best" });
  expect(readReference(null)).toBeNull();
});

test("what the checks found of data and teacher is said before the job is sent", () => {
  const remarks = preflight(spec("digits@3"), { dataset: aDataset(), model: aModel(["zero", "one"]) });
  expect(remarks).toEqual([
    { tone: "good", text: "Data set digits@3: 2,000 training and 400 validation images, 2 classes." },
    { tone: "warning", text: "Data set digits@3: 39 images have no boxes" },
    { tone: "good", text: "Teacher teacher@1: 79.4 AP on 100 images of digits@3." },
  ]);
});

test("a teacher that does not know a class, and one that was refused, are errors", () => {
  const of = (model: Model) => preflight(spec("digits@3"), { dataset: aDataset(), model }).at(-1);
  expect(of(aModel(["zero"]))).toEqual({
    tone: "error",
    text: "Teacher teacher@1 does not know the class of the data set: one.",
  });
  expect(of(aModel([], "refused"))).toEqual({
    tone: "error",
    text: "Teacher teacher@1 was refused: no such file",
  });
});

test("data by paths is told to be unchecked, and a data set that was refused is an error", () => {
  expect(preflight(spec(null), {})[0]?.text).toContain("read when the job starts");
  const refused = aDataset({ state: "refused", reason: "no boxes" });
  expect(preflight(spec("digits"), { dataset: refused })).toEqual([
    { tone: "error", text: "Data set digits@3 was refused: no boxes" },
  ]);
});

test("a job that no node is big enough for is told so", () => {
  const node = { id: "a", name: "a", is_head: true, cpus: 8, gpus: 1 };
  const known = { cluster: { ...cluster, nodes: [node] } };
  expect(preflight(spec("digits", { gpus: 2 }), known)).toEqual([
    {
      tone: "error",
      text: "No node has 2 GPUs: the biggest has 1. The job would wait until there is one.",
    },
  ]);
  expect(preflight(spec("digits", { gpus: 1 }), known)).toEqual([]);
});
