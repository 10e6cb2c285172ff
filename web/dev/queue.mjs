// A made-up cluster with a queue whose order can be changed. Development and tests only.
import { ago } from "./data.mjs";

const empty = process.env.EMPTY === "1";
const node = (id, name, cpus, gpus, is_head = false) => ({ id, name, is_head, cpus, gpus });
const holder = (job_id, job_name, cpus, gpus, node_id, fields = {}) => ({
  job_id,
  job_name,
  kind: "job",
  project: "digits",
  state: "running",
  priority: 0,
  cpus,
  gpus,
  node_id,
  since: ago(260),
  ...fields,
});
const cluster = {
  cpus_total: 40,
  cpus_used: 13,
  gpus_total: 6,
  gpus_used: 3.5,
  ray_state: "up",
  mlflow_state: "up",
  reconciler_state: "up",
  version: "0.1.0",
  nodes: [
    node("5f1c2a9be07d44", "head.cluster.example", 8, 0, true),
    node("a83be1907cd212", "gpu-1.cluster.example", 16, 4),
    node("c10f77be62aa90", "gpu-2.cluster.example", 16, 2),
  ],
  holders: empty
    ? []
    : [
        holder("sweep-k3v5x2m7qa", "digits, loss weights", 8, 2, "a83be1907cd212", {
          kind: "sweep",
          since: ago(1900),
          priority: 5,
        }),
        holder("job-rm3pf2aa7q", "digits, RM and PFI 300", 4, 1, "c10f77be62aa90"),
        holder("job-sma11share", "harbour, half a GPU", 1, 0.5, "a83be1907cd212", { project: "harbour" }),
      ],
};

const waiting = (at, name, priority, reason, fields = {}) => ({
  id: `job-wait${at}aaaaa`,
  kind: "job",
  name,
  project: at % 2 ? "harbour" : "digits",
  tags: [],
  priority,
  state: "queued",
  reason,
  cause: null,
  resources: { cpus: 4, gpus: at % 3 },
  teacher: "harbour-teacher@1",
  student: "retinanet resnet",
  progress: { phase: null, step: 0, num_steps: 800, eta_s: null },
  metrics: {},
  best_ap: null,
  attempt: 0,
  revision: 1,
  mlflow_run_id: null,
  mlflow_url: null,
  created_at: ago(4000 - at * 300),
  updated_at: ago(4000 - at * 300),
  started_at: null,
  ended_at: null,
  ...fields,
});
const queue = empty
  ? []
  : [
      waiting(0, "digits, PFI without RM", 5, "needs 4 CPUs and 2 GPUs, 1 GPU free on one node"),
      waiting(1, "harbour, FCOS student", 0, "needs 1 GPU; 1 job ahead keeps what is free"),
      waiting(2, "harbour, nightly loss weights", 0, "2 jobs ahead", {
        kind: "sweep",
        id: "sweep-waits2aaaa",
      }),
      waiting(3, "digits, wide student", 0, "project digits runs 4 jobs, its limit is 4"),
      waiting(4, "harbour, 1,600 px", -10, "no node has 8 GPUs: the largest has 4"),
    ];

const BY_PRIORITY = (a, b) => b.priority - a.priority || a.created_at.localeCompare(b.created_at);

/** The answer about the cluster and its queue; undefined where the path is about something else. */
export function answerQueue(method, url, body) {
  const [, , , collection, id] = url.pathname.split("/");
  if (collection === "cluster") return { body: cluster };
  if (collection !== "jobs") return undefined;
  if (!id && url.searchParams.get("sort") === "-priority")
    return { body: { items: [...queue].sort(BY_PRIORITY), next_cursor: null } };
  const job = queue.find((each) => each.id === id);
  if (!job || method !== "PATCH") return undefined;
  return { body: { ...Object.assign(job, body, { revision: job.revision + 1 }), spec: {}, attempts: [] } };
}
