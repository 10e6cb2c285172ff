/** Where the boxes of a lineage graph stand: time runs from left to right, a row holds what happened side by side. */
import type { Schemas } from "@/api/client";
import { formatAp } from "@/lib/format";
import type { Lineage } from "./queries";

export type Target =
  | { page: "model"; name: string; version: number }
  | { page: "dataset"; name: string }
  | { page: "job" | "sweep"; id: string };

export interface LineageNode {
  id: string;
  kind: "model" | "job" | "data" | "weights";
  title: string;
  detail: string;
  column: number;
  row: number;
  target: Target | null;
  /** Whether it is what the page is about. */
  subject: boolean;
}

export interface LineageEdge {
  from: string;
  to: string;
}

export interface LineageGraph {
  nodes: LineageNode[];
  edges: LineageEdge[];
  columns: number;
  rows: number;
  /** Descendants that are not drawn. */
  hidden: number;
}

const MOST_DESCENDANTS = 6;

/** The chain of teachers that ends with the model, the jobs and data that made them, and the jobs that follow. */
export function layoutLineage(lineage: Schemas["ModelLineage"]): LineageGraph {
  const chain: Lineage[] = [];
  for (let at: Lineage | null = lineage.origin; at; at = at.teacher) chain.unshift(at);
  const nodes: LineageNode[] = [];
  const edges: LineageEdge[] = [];
  let column = 0;
  let teacher: string | null = null;
  chain.forEach((step, index) => {
    const subject = index === chain.length - 1;
    if (step.job) {
      const job = jobNode(step.job, `job-${index}`, column);
      if (step.data) {
        const data = dataNode(step.data, `data-${index}`, Math.max(0, column - 1));
        if (column === 0) column = job.column = 1;
        nodes.push(data);
        edges.push({ from: data.id, to: job.id });
      }
      nodes.push(job);
      if (teacher) edges.push({ from: teacher, to: job.id });
      column += 1;
    }
    const detector = detectorNode(step, `model-${index}`, column, subject);
    nodes.push(detector);
    if (step.job) edges.push({ from: `job-${index}`, to: detector.id });
    teacher = detector.id;
    column += 1;
  });
  const drawn = lineage.descendants.slice(0, MOST_DESCENDANTS);
  drawn.forEach((descendant, row) => {
    const node = descendantNode(descendant, column, row);
    nodes.push(node);
    if (teacher) edges.push({ from: teacher, to: node.id });
  });
  return {
    nodes,
    edges,
    columns: Math.max(...nodes.map((node) => node.column)) + 1,
    rows: Math.max(...nodes.map((node) => node.row)) + 1,
    hidden: lineage.descendants.length - drawn.length,
  };
}

function jobNode(job: Schemas["JobOrigin"], id: string, column: number): LineageNode {
  const target: Target = { page: job.id.startsWith("sweep") ? "sweep" : "job", id: job.id };
  const detail = job.code ? `${job.id}, Stillhouse ${job.code}` : job.id;
  return { id, kind: "job", title: job.name, detail, column, row: 0, target, subject: false };
}

function dataNode(data: Schemas["DataOrigin"], id: string, column: number): LineageNode {
  const name = data.dataset?.split("@")[0];
  return {
    id,
    kind: "data",
    title: data.dataset ?? data.train?.images ?? "unknown data",
    detail: data.hash ? `hash ${data.hash.slice(0, 12)}` : "hash not known",
    column,
    row: 1,
    target: name ? { page: "dataset", name } : null,
    subject: false,
  };
}

function detectorNode(step: Lineage, id: string, column: number, subject: boolean): LineageNode {
  const { model, weights } = step;
  if (!model)
    return {
      id,
      kind: "weights",
      title: weights ?? "unknown weights",
      detail: "not registered",
      column,
      row: 0,
      target: null,
      subject,
    };
  return {
    id,
    kind: "model",
    title: `${model.name}@${model.version}`,
    detail: model.aliases.join(", ") || (model.sha256 ? `hash ${model.sha256.slice(0, 12)}` : ""),
    column,
    row: 0,
    target: { page: "model", name: model.name, version: model.version },
    subject,
  };
}

function descendantNode(descendant: Schemas["Descendant"], column: number, row: number): LineageNode {
  const ap = descendant.metrics["val/AP"];
  return {
    id: `descendant-${row}`,
    kind: "job",
    title: descendant.job_name,
    detail: ap === undefined ? descendant.state : `${descendant.state}, AP ${formatAp(ap)}`,
    column,
    row,
    target: { page: descendant.kind === "sweep" ? "sweep" : "job", id: descendant.job_id },
    subject: false,
  };
}
