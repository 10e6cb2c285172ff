import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useMemo } from "react";
import { Card } from "@/components/card";
import { Descendants } from "@/components/descendants";
import { ErrorNotice, Loading } from "@/components/notices";
import { type LineageGraph, type LineageNode, layoutLineage, type Target } from "./lineage-layout";
import { modelLineageQuery } from "./queries";

const WIDTH = 208;
const HEIGHT = 62;
const GAP_X = 44;
const GAP_Y = 14;
const KINDS = { model: "model", job: "job", data: "data", weights: "file" } as const;

/** Where a model comes from and what came of it: data and teachers on the left, jobs that learned from it on the right. */
export function LineageCard({ name, version }: { name: string; version: number }) {
  const { data, error, refetch } = useQuery(modelLineageQuery(name, version));
  const graph = useMemo(() => data && layoutLineage(data), [data]);
  return (
    <Card title="Lineage" actions={<span className="hint">from data and teachers to students</span>}>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading label="Reading the lineage" height={140} />}
      {graph && <Graph graph={graph} />}
      {graph && graph.hidden > 0 && <p className="hint">and {graph.hidden} more jobs, listed below</p>}
      {data && data.descendants.length > 0 && (
        <details className="classes">
          <summary>
            {data.descendants.length} {data.descendants.length === 1 ? "job" : "jobs"} learned from it
          </summary>
          <Descendants items={data.descendants} />
        </details>
      )}
    </Card>
  );
}

function Graph({ graph }: { graph: LineageGraph }) {
  const places = new Map(graph.nodes.map((node) => [node.id, node]));
  const width = graph.columns * (WIDTH + GAP_X) - GAP_X;
  const height = graph.rows * (HEIGHT + GAP_Y) - GAP_Y;
  return (
    <div className="lineage" role="group" aria-label="Lineage, from left to right">
      <div className="lineage-field" style={{ width, height }}>
        <svg width={width} height={height} aria-hidden="true">
          {graph.edges.map(({ from, to }) => {
            const start = places.get(from);
            const end = places.get(to);
            return (
              start && end && <path key={`${from} ${to}`} d={curve(start, end)} className="lineage-edge" />
            );
          })}
        </svg>
        <ol>
          {graph.nodes.map((node) => (
            <li
              key={node.id}
              className={`lineage-node ${node.kind}${node.subject ? " subject" : ""}`}
              style={{ left: left(node), top: top(node), width: WIDTH, height: HEIGHT }}
            >
              <span className="lineage-kind">{KINDS[node.kind]}</span>
              <To target={node.target}>
                <span title={node.title}>{node.title}</span>
              </To>
              <span className="lineage-detail" title={node.detail}>
                {node.detail}
              </span>
            </li>
          ))}
        </ol>
      </div>
    </div>
  );
}

function To({ target, children }: { target: Target | null; children: ReactNode }) {
  if (!target) return <span className="lineage-title">{children}</span>;
  const className = "lineage-title";
  switch (target.page) {
    case "model":
      return (
        <Link
          to="/models/$name"
          params={{ name: target.name }}
          search={{ version: target.version }}
          className={className}
        >
          {children}
        </Link>
      );
    case "dataset":
      return (
        <Link to="/datasets/$name" params={{ name: target.name }} className={className}>
          {children}
        </Link>
      );
    case "job":
      return (
        <Link to="/jobs/$id" params={{ id: target.id }} className={className}>
          {children}
        </Link>
      );
    case "sweep":
      return (
        <Link to="/sweeps/$id" params={{ id: target.id }} className={className}>
          {children}
        </Link>
      );
  }
}

const left = (node: LineageNode) => node.column * (WIDTH + GAP_X);
const top = (node: LineageNode) => node.row * (HEIGHT + GAP_Y);

function curve(from: LineageNode, to: LineageNode): string {
  const x1 = left(from) + WIDTH;
  const y1 = top(from) + HEIGHT / 2;
  const x2 = left(to);
  const y2 = top(to) + HEIGHT / 2;
  const bend = Math.max(16, (x2 - x1) / 2);
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}
