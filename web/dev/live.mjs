// What the made-up API says of live streams, many jobs at once, files and lineage. Development and tests only.
import { noise } from "./data.mjs";

const AFTER = {
  cancel: { queued: "cancelled", paused: "cancelled", running: "cancelled" },
  pause: { queued: "paused", running: "paused" },
  resume: { paused: "queued" },
  retry: { failed: "queued", cancelled: "queued" },
};
const PIXEL =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 160"><rect width="480" height="160" fill="#555"/>' +
  '<circle cx="80" cy="80" r="40" fill="#ccc"/><circle cx="240" cy="80" r="40" fill="#e63"/>' +
  '<circle cx="400" cy="80" r="46" fill="#c41"/></svg>';

/** The answer about jobs; undefined where the path is about something else. */
export function answerLive(method, url, body, jobs, view) {
  const [, , , collection, id, action, ...rest] = url.pathname.split("/");
  if (collection === "sweeps" && id === "check") return { body };
  if (collection !== "jobs") return undefined;
  if (id === "counts") return { body: counts([...jobs.values()].map(view)) };
  if (id === "check") return check(body);
  if (id === "bulk") {
    const items = body.ids.map((each) => act(jobs.get(each), each, body.action));
    return { body: { items } };
  }
  const job = jobs.get(id);
  if (!job) return undefined;
  if (action === "artifacts" && rest.length > 0) return { svg: PIXEL };
  if (action === "artifacts") return { body: { items: artifacts(view(job)) } };
  if (action === "lineage") return { body: lineage(view(job)) };
  return undefined;
}

function counts(jobs) {
  const by_state = {};
  for (const { state } of jobs) by_state[state] = (by_state[state] ?? 0) + 1;
  return { total: jobs.length, by_state };
}

function check(spec) {
  const width = spec.training?.student?.fpn_channels;
  if (width === undefined || width % 8 === 0) return { body: spec };
  const field = "training.student.fpn_channels";
  const error = {
    field,
    message: "Input should be a multiple of 8",
    found: width,
    wanted: "a multiple of 8",
  };
  const title = "Some values are not allowed";
  return {
    status: 422,
    body: { type: "x", title, status: 422, detail: "1 field is not allowed", errors: [error] },
  };
}

function act(job, id, action) {
  const state = job && AFTER[action][job.row.state];
  if (!state)
    return {
      id,
      state: null,
      problem: { status: 409, title: "Not now", detail: `${id} cannot ${action} now` },
    };
  job.row.state = state;
  return { id, state, problem: null };
}

function artifacts({ id, state, progress }) {
  const file = (path, size_bytes, sha256 = null) => ({
    path,
    size_bytes,
    sha256,
    url: `/api/v1/jobs/${id}/artifacts/${path}`,
  });
  const maps = [];
  for (let step = 100; step <= progress.step; step += 100)
    maps.push(file(`diagnostics/maps-${String(step).padStart(8, "0")}.png`, 48_211));
  const student =
    state === "succeeded" ? [file("student/student.safetensors", 1_733_004, "5f".repeat(32))] : [];
  return [...maps, file("preflight/preflight.json", 812), file("spec.yaml", 1_912), ...student];
}

function lineage({ id, name, project, state, teacher }) {
  const none = { model: null, weights: null, job: null, data: null, teacher: null };
  const made = {
    id,
    name,
    project,
    state,
    spec_sha256: "",
    mlflow_run_id: "r1",
    mlflow_url: null,
    code: "0.1.0",
  };
  return {
    ...none,
    job: { ...made, ended_at: null },
    data: { dataset: "digits@1", hash: "9c41".repeat(16), train: null, val: null },
    teacher: teacher === null ? null : { ...none, weights: teacher },
  };
}

/** Diagnostics of a training that has come to `step`, at each evaluation. */
export function diagnostics(step) {
  const curves = {};
  const add = (key, at, value) =>
    (curves[key] ??= []).push({ step: at, value, at: new Date().toISOString() });
  for (let at = 100; at <= step; at += 100) {
    const learned = 1 - Math.exp(-at / 300);
    add("diagnostics/rank_spearman", at, 0.15 + 0.6 * learned + 0.02 * noise(at));
    add("diagnostics/rank_top1", at, 0.3 + 0.45 * learned + 0.02 * noise(at + 1));
    add("diagnostics/rank_localisation_spearman", at, 0.1 + 0.5 * learned + 0.02 * noise(at + 2));
    add("diagnostics/gradient_norm/classification", at, 1.2 - 0.6 * learned);
    add("diagnostics/gradient_norm/box", at, 0.9 - 0.3 * learned);
    add("diagnostics/gradient_norm/rank_mimicking", at, 0.006);
    add("diagnostics/gradient_norm/feature_imitation", at, 0.7);
    add("diagnostics/gradient_cosine/classification/box", at, 0.1 + 0.1 * noise(at + 3));
    add("diagnostics/gradient_cosine/classification/feature_imitation", at, 0.3 * learned);
    add("diagnostics/feature_prediction_correlation", at, 0.4 + 0.3 * learned);
  }
  add("cost/student_parameters", 0, 431_220);
  add("cost/student_gflops", 0, 0.62);
  add("cost/student_latency_ms", 0, 4.1);
  add("cost/teacher_parameters", 0, 3_812_004);
  add("cost/teacher_gflops", 0, 5.9);
  add("cost/teacher_latency_ms", 0, 18.4);
  return Object.entries(curves).map(([key, points]) => ({ key, points }));
}

/** A stream that sends the progress of what runs, once a second. */
export function stream(response, url, jobs, view) {
  const [, , , , id] = url.pathname.split("/");
  const write = (event, data) => response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
  response.write('id: 1\nevent: open\ndata: {"last_event_id":"1"}\n\n');
  const timer = setInterval(() => {
    for (const job of jobs.values()) {
      if ((id && job.row.id !== id) || job.row.state !== "running") continue;
      write("progress", { job: view(job) });
    }
  }, 1000);
  response.on("close", () => clearInterval(timer));
}
