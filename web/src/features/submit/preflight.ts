/** What is known before a job starts of what it names: its data, its teacher, and whether the cluster has room. */
import type { Schemas } from "@/api/client";
import type { Cluster } from "@/api/types";
import { formatAp, formatNumber } from "@/lib/format";
import { valueAt } from "@/lib/spec-schema";

export type Dataset = Schemas["Dataset"];
export type Model = Schemas["Model"];

export interface Remark {
  tone: "good" | "warning" | "error";
  text: string;
}

/** What was found under the names of a spec; undefined while it is read, null where there is nothing. */
export interface Known {
  dataset?: Dataset | null;
  model?: Model | null;
  cluster?: Cluster;
}

/** `digits@3` is the version 3 of digits, `digits@best` its alias. */
export function readReference(text: unknown): { name: string; version?: number; alias?: string } | null {
  if (typeof text !== "string" || text === "") return null;
  const [name = "", of] = text.split("@");
  if (of === undefined) return { name };
  return /^\d+$/.test(of) ? { name, version: Number(of) } : { name, alias: of };
}

export const DATASET = ["training", "data", "dataset"];
export const TEACHER_MODEL = ["training", "distillation", "teacher", "model"];

export function preflight(spec: unknown, known: Known): Remark[] {
  return [...ofData(spec, known), ...ofTeacher(spec, known), ...ofCluster(spec, known)];
}

function ofData(spec: unknown, { dataset }: Known): Remark[] {
  const name = valueAt(spec, DATASET);
  if (name == null)
    return [
      {
        tone: "warning",
        text: "The data is given by paths, which are read when the job starts. A registered data set is checked already.",
      },
    ];
  if (dataset === undefined || dataset === null) return [];
  const { state, reason, report, version } = dataset;
  const title = `Data set ${dataset.name}@${version}`;
  if (state === "checking") return [{ tone: "warning", text: `${title} is still being checked.` }];
  if (state === "refused") return [{ tone: "error", text: `${title} was refused: ${reason}` }];
  const [train, val] = [report?.train?.images ?? 0, report?.val?.images ?? 0];
  const classes = report?.train?.classes.length ?? 0;
  return [
    {
      tone: "good",
      text: `${title}: ${count(train)} training and ${count(val)} validation images, ${count(classes)} classes.`,
    },
    ...(report?.findings ?? []).map(remarkOf(title)),
  ];
}

function ofTeacher(spec: unknown, { dataset, model }: Known): Remark[] {
  if (valueAt(spec, TEACHER_MODEL) == null || !model) return [];
  const { version, report } = model;
  const title = `Teacher ${model.name}@${version.version}`;
  if (version.state === "checking") return [{ tone: "warning", text: `${title} is still being checked.` }];
  if (version.state === "refused")
    return [{ tone: "error", text: `${title} was refused: ${version.reason}` }];
  const taught = new Set(report?.class_names);
  const unknown = (dataset?.report?.train?.classes ?? []).filter(({ name }) => !taught.has(name));
  const ap = report?.sample?.metrics.AP ?? report?.metrics["val/AP"];
  const where = report?.sample ? ` on ${count(report.sample.images)} images of ${report.sample.dataset}` : "";
  return [
    unknown.length > 0
      ? {
          tone: "error",
          text: `${title} does not know ${unknown.length === 1 ? "the class" : `${unknown.length} classes`} of the data set: ${few(unknown.map(({ name }) => name))}.`,
        }
      : { tone: "good", text: `${title}: ${ap == null ? "ready" : `${formatAp(ap)} AP${where}`}.` },
    ...(report?.findings ?? []).map(remarkOf(title)),
  ];
}

function ofCluster(spec: unknown, { cluster }: Known): Remark[] {
  if (!cluster || cluster.nodes.length === 0) return [];
  const parts = (["cpus", "gpus"] as const).flatMap((kind): Remark[] => {
    const wanted = Number(valueAt(spec, ["resources", kind]) ?? (kind === "cpus" ? 1 : 0));
    const most = Math.max(...cluster.nodes.map((node) => node[kind]));
    if (!(wanted > most)) return [];
    const word = kind === "cpus" ? "CPUs" : "GPUs";
    return [
      {
        tone: "error",
        text: `No node has ${formatNumber(wanted)} ${word}: the biggest has ${formatNumber(most)}. The job would wait until there is one.`,
      },
    ];
  });
  return parts;
}

const remarkOf =
  (title: string) =>
  ({ severity, message }: Schemas["Finding"]): Remark => ({
    tone: severity === "error" ? "error" : "warning",
    text: `${title}: ${message}`,
  });

const count = (value: number) => value.toLocaleString("en-US");

function few(names: readonly string[]): string {
  return names.length > 4 ? `${names.slice(0, 4).join(", ")} and ${names.length - 4} more` : names.join(", ");
}
