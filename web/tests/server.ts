/** The network of the tests: what the API would answer. */
import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import type { Schemas } from "@/api/client";
import type { Cluster, JobSummary } from "@/api/types";

export const cluster: Cluster = {
  cpus_total: 8,
  cpus_used: 3,
  gpus_total: 0,
  gpus_used: 0,
  ray_state: "up",
  mlflow_state: "up",
  reconciler_state: "up",
  nodes: [],
  holders: [],
  version: "0.1.0",
};

export function aJob(fields: Partial<JobSummary> = {}): JobSummary {
  return {
    id: "job-aaaaaaaaaa",
    kind: "job",
    name: "baseline",
    project: "digits",
    tags: [],
    priority: 0,
    state: "running",
    reason: "",
    cause: null,
    resources: { cpus: 1, gpus: 0 },
    progress: { phase: "training", step: 200, num_steps: 800, eta_s: 90 },
    metrics: { "val/AP": 34.41, "val/AP50": 55.04 },
    teacher: null,
    student: "retinanet resnet",
    best_ap: 34.41,
    attempt: 1,
    revision: 3,
    mlflow_run_id: null,
    mlflow_url: null,
    created_at: "2026-01-01T00:00:00Z",
    updated_at: "2026-01-01T00:00:00Z",
    started_at: "2026-01-01T00:00:00Z",
    ended_at: null,
    ...fields,
  };
}

export const me: Schemas["Me"] = {
  name: "ada",
  roles: { "*": "admin" },
  token_id: "tok-aaaaaaaaaa",
  expires_at: null,
};

/** The text of a server-sent event. */
export function sent(event: string, data: unknown, id?: string): string {
  return `${id === undefined ? "" : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** A stream that says `pieces` and then stays open until the page leaves it. */
export function streaming(...pieces: string[]) {
  return new HttpResponse(
    new ReadableStream<Uint8Array>({
      start(controller) {
        for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
      },
    }),
    { headers: { "Content-Type": "text/event-stream" } },
  );
}

export const server = setupServer(
  http.get("*/api/v1/stream", () => HttpResponse.error()),
  http.get("*/api/v1/me", () => HttpResponse.json(me)),
  http.get("*/api/v1/cluster", () => HttpResponse.json(cluster)),
  http.get("*/api/v1/recipes", () => HttpResponse.json({ items: [] })),
  http.get("*/api/v1/projects", () => HttpResponse.json({ items: [] })),
  http.get("*/api/v1/datasets", () => HttpResponse.json({ items: [], next_cursor: null })),
  http.get("*/api/v1/models", () => HttpResponse.json({ items: [], next_cursor: null })),
  http.post("*/api/v1/jobs/check", () => HttpResponse.json({})),
  http.get("*/api/v1/jobs/counts", () =>
    HttpResponse.json({ total: 3, by_state: { running: 1, failed: 2 } }),
  ),
  http.get("*/api/v1/jobs/metrics", () => HttpResponse.json({ items: [] })),
  http.get("*/api/v1/jobs/baselines", () => HttpResponse.json({ by_job: {} })),
  http.get("*/api/v1/jobs/:id/metrics", () => HttpResponse.json({ series: [] })),
  http.get("*/api/v1/jobs", () => HttpResponse.json({ items: [aJob()], next_cursor: null })),
);
