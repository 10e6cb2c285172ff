// An API with made-up data at 127.0.0.1:8080 that also serves dist/: `npm run dev:api`. Development and tests only.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname } from "node:path";
import { ago, apAt, jobSpec, series, sweepSpec, trials } from "./data.mjs";
import { answerLive, diagnostics, stream } from "./live.mjs";
import { answerQueue } from "./queue.mjs";
import { answerRecords } from "./records.mjs";
import { answerSweeps } from "./sweeps.mjs";

const port = Number(process.env.PORT ?? 8080);
const jobs = new Map();
const born = Date.now();
const elapsed = () => (Date.now() - born) / 1000;

function add(id, spec, fields, final) {
  const sweep = spec.kind === "sweep";
  jobs.set(id, {
    final,
    base: fields.step ?? 0,
    row: {
      id,
      kind: spec.kind,
      name: spec.name,
      project: spec.project ?? "default",
      tags: spec.tags ?? [],
      priority: 0,
      state: fields.state,
      reason: fields.reason ?? "",
      cause: fields.cause ?? null,
      resources: spec.resources ?? { cpus: 1, gpus: 0 },
      progress: { phase: null, step: fields.step ?? 0, num_steps: sweep ? 24 : 800, eta_s: null },
      metrics: {},
      attempt: fields.attempt ?? (fields.state === "queued" ? 0 : 1),
      mlflow_run_id: fields.state === "queued" ? null : "r1",
      mlflow_url: fields.state === "queued" ? null : "/mlflow/#/experiments/1/runs/r1",
      created_at: ago(fields.age),
      updated_at: ago(1),
      started_at: fields.state === "queued" ? null : ago(fields.age - 9),
      ended_at: ["succeeded", "failed", "cancelled"].includes(fields.state) ? ago(fields.age - 300) : null,
      spec,
      attempts: Array.from({ length: fields.attempt ?? (fields.state === "queued" ? 0 : 1) }, (_, index) => ({
        number: index + 1,
        state:
          index + 1 < (fields.attempt ?? 1) ? "lost" : fields.state === "running" ? "running" : "succeeded",
        submission_id: `${id}-${index + 1}`,
        submitted_at: ago(fields.age - 2),
        started_at: ago(fields.age - 9),
        heartbeat_at: ago(1),
        ended_at: null,
        cause: null,
        reason: index + 1 < (fields.attempt ?? 1) ? "no heartbeat for 30 s: its node was lost" : "",
      })),
    },
  });
}

if (process.env.EMPTY !== "1") {
  add(
    "job-rm3pf2aa7q",
    jobSpec("digits, RM and PFI 300"),
    { state: "running", step: 320, age: 260, attempt: 2 },
    43.5,
  );
  add("sweep-k3v5x2m7qa", sweepSpec("digits, loss weights"), { state: "running", step: 18, age: 1900 }, 0);
  add(
    "job-qu2ueued22",
    jobSpec("digits, PFI without RM"),
    { state: "queued", age: 40, reason: "needs 1 CPU, 0 free, 1 job ahead" },
    42,
  );
  add(
    "job-pap5erwwww",
    jobSpec("digits, the paper's weights", true, 1.5),
    { state: "succeeded", step: 800, age: 4200 },
    34.9,
  );
  add(
    "job-base2line3",
    jobSpec("digits, baseline", false),
    { state: "succeeded", step: 800, age: 5300 },
    34.4,
  );
  add(
    "job-fa3iledxyz",
    jobSpec("digits, wrong teacher"),
    {
      state: "failed",
      step: 0,
      age: 9000,
      cause: "bad_input",
      reason: "teacher has 80 classes, student has 10: the teacher must know the data set's classes by name",
    },
    0,
  );
  add(
    "job-can2celled",
    jobSpec("digits, long run"),
    { state: "cancelled", step: 410, age: 90_000, reason: "cancelled by a user" },
    39,
  );
}

function view(job) {
  const { row, base, final } = job;
  const live = row.state === "running";
  const step =
    row.kind === "sweep" ? row.progress.step : live ? Math.min(798, Math.round(base + elapsed() * 4)) : base;
  const distils = row.spec.training?.distillation != null;
  const metrics = {};
  if (row.kind === "sweep" && row.state !== "queued") metrics["val/AP"] = 43.1;
  else if (step >= 100)
    Object.assign(metrics, { "val/AP": apAt(step - (step % 100), final), "val/AP50": final * 1.6 });
  if (distils && row.state !== "queued" && row.state !== "failed") metrics["teacher/AP"] = 66.5;
  const progress = {
    ...row.progress,
    step,
    phase: live ? "training" : null,
    eta_s: live ? (800 - step) / 4 : null,
  };
  const teacher = row.spec.training?.distillation?.teacher.weights ?? null;
  const best_ap = metrics["val/AP"] ?? null;
  const revision = Math.round(elapsed() * 4) + 1;
  return { ...row, progress, metrics, teacher, student: "retinanet resnet", best_ap, revision };
}

function logText(job) {
  const { progress, state, reason } = view(job);
  const lines = [
    "Stillhouse attempt 1",
    "reading 2,000 images of digit-scenes/train",
    "teacher: 3.8 M parameters, 66.5 AP",
    "student: 0.43 M parameters",
  ];
  for (let step = 10; step <= progress.step; step += 10)
    lines.push(`step ${step}/800  loss ${(0.6 + 2.4 * Math.exp(-step / 220)).toFixed(3)}  118 images/s`);
  if (state === "failed") lines.push("Traceback (most recent call last):", `InputError: ${reason}`);
  return lines.join("\n") + "\n";
}

function events(job) {
  const { state, created_at, started_at, attempt, reason } = job.row;
  const all = [{ from_state: null, to_state: "queued", cause: "submitted", actor: "user", at: created_at }];
  if (attempt > 0) {
    all.push({
      from_state: "queued",
      to_state: "starting",
      cause: "attempt 1 was sent to Ray",
      actor: "reconciler",
      at: created_at,
    });
    all.push({
      from_state: "starting",
      to_state: "running",
      cause: "attempt 1 gave its first sign of life",
      actor: "reconciler",
      at: started_at,
    });
  }
  if (state !== "running" && state !== "queued")
    all.push({
      from_state: "running",
      to_state: state,
      cause: reason || "the attempt came to its end",
      actor: "reconciler",
      at: started_at,
    });
  return all.map((event, id) => ({ id, attempt: null, ...event }));
}

const problem = (status, title, detail, errors = []) => ({
  status,
  body: { type: "x", title, status, detail, instance: "", request_id: "", errors },
});

function submit(spec) {
  const width = spec.training?.student?.fpn_channels;
  if (width !== undefined && width % 8 !== 0) {
    const error = {
      field: "training.student.fpn_channels",
      message: "Input should be a multiple of 8",
      found: width,
      wanted: "a whole number from 16 to 512, a multiple of 8",
    };
    return problem(422, "Some values are not allowed", "1 field is not allowed", [error]);
  }
  const id = `${spec.kind}-new${jobs.size}aaaaaa`.slice(0, 15);
  add(id, spec, { state: "queued", age: 0, reason: "waits for its turn" }, 40);
  return { status: 201, body: view(jobs.get(id)) };
}

/** The jobs that a list asks about. */
function beside(query) {
  return query.getAll("id").flatMap((id) => (jobs.has(id) ? [view(jobs.get(id))] : []));
}

function curves({ id, progress }) {
  const found = series(progress.step, jobs.get(id).final, false).filter(({ key }) => key === "val/AP");
  return { id, series: found };
}

function gainsOver({ id, project, teacher }) {
  const best = [...jobs.values()]
    .map(view)
    .find((job) => job.project === project && job.teacher === null && job.state === "succeeded");
  return teacher && best ? [[id, { id: best.id, name: best.name, best_ap: best.best_ap ?? 30 }]] : [];
}

function answer(method, url, body) {
  const [, , , collection, id, action, number] = url.pathname.split("/");
  const query = url.searchParams;
  if (collection === "me" || (collection === "session" && method === "POST"))
    return { body: { name: "owner", roles: { "*": "admin" }, token_id: "tok-aaaaaaaaaa", expires_at: null } };
  if (collection === "session") return { status: 204 };
  if (collection === "cluster")
    return {
      body: {
        cpus_total: 8,
        cpus_used: 3,
        gpus_total: 2,
        gpus_used: 1,
        ray_state: "up",
        mlflow_state: "up",
        reconciler_state: "up",
        version: "0.1.0",
      },
    };
  if (collection === "recipes") {
    const items = [
      ["digits/baseline", "Digits: baseline without distillation", jobSpec("digits, baseline", false)],
      ["digits/paper", "Digits: the paper's weights", jobSpec("digits, the paper's weights", true, 1.5)],
      ["digits/sweep", "Digits: search for loss weights", sweepSpec("digits, loss weights")],
    ];
    return { body: { items: items.map(([name, title, spec]) => ({ name, title, kind: spec.kind, spec })) } };
  }
  if (!id && method === "POST") return submit(body);
  if (!id) {
    const text = (query.get("text") ?? "").toLowerCase();
    const states = query.getAll("state");
    const items = [...jobs.values()]
      .map(view)
      .filter(
        (job) =>
          (states.length === 0 || states.includes(job.state)) &&
          (!query.get("kind") || job.kind === query.get("kind")) &&
          job.name.toLowerCase().includes(text),
      );
    return { body: { items, next_cursor: null } };
  }
  if (id === "metrics") return { body: { items: beside(query).map(curves) } };
  if (id === "baselines") return { body: { by_job: Object.fromEntries(beside(query).flatMap(gainsOver)) } };
  const job = jobs.get(id);
  if (!job) return problem(404, "There is no such thing", `there is no job ${id}`);
  if (action === "cancel") job.row.state = "cancelled";
  if (action === "events") return { body: { items: events(job), next_cursor: null } };
  if (action === "logs") {
    const text = logText(job);
    const offset = Number(query.get("offset"));
    return {
      body: {
        attempt: 1,
        text: text.slice(offset),
        next_offset: text.length,
        complete: job.row.state !== "running",
      },
    };
  }
  if (action === "trials" && number) {
    const trial = trials(18, 24).find((each) => each.number === Number(number));
    return {
      body: {
        series: series(trial.step, trial.objective ?? 35, true).filter(({ key }) =>
          query.getAll("key").includes(key),
        ),
      },
    };
  }
  if (action === "trials") return { body: { items: trials(18, 24) } };
  if (action === "metrics")
    return {
      body: {
        series: [
          ...series(view(job).progress.step, job.final, job.row.spec.training.distillation !== null),
          ...(job.row.spec.training.distillation === null ? [] : diagnostics(view(job).progress.step)),
        ].filter(({ key }) => !query.has("key") || query.getAll("key").includes(key)),
      },
    };
  return { body: view(job) };
}

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };
const CSP =
  "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'";

async function file(path) {
  const wanted = extname(path) ? path : "/index.html";
  return [await readFile(new URL(`../dist${wanted}`, import.meta.url)), TYPES[extname(wanted)]];
}

createServer(async (request, response) => {
  const url = new URL(request.url, "http://localhost");
  let text = "";
  for await (const chunk of request) text += chunk;
  try {
    if (!url.pathname.startsWith("/api/")) {
      const [content, type] = await file(url.pathname);
      response.writeHead(200, { "Content-Type": type, "Content-Security-Policy": CSP }).end(content);
      return;
    }
    if (url.pathname.endsWith("/logs/stream")) {
      response.writeHead(404).end();
      return;
    }
    if (url.pathname.endsWith("/stream")) {
      stream(response, url, jobs, view);
      return;
    }
    const sent = text ? JSON.parse(text) : null;
    const own =
      answerQueue(request.method, url, sent) ??
      answerRecords(request.method, url, sent) ??
      answerSweeps(request.method, url);
    const found =
      own ?? answerLive(request.method, url, sent, jobs, view) ?? answer(request.method, url, sent);
    if (found.svg) {
      response.writeHead(200, { "Content-Type": "image/svg+xml" }).end(found.svg);
      return;
    }
    const { status = 200, body, type } = found;
    response.writeHead(status, {
      "Content-Type": type ?? (status < 400 ? "application/json" : "application/problem+json"),
    });
    response.end(type || body === undefined ? body : JSON.stringify(body));
  } catch (error) {
    response.writeHead(error.code === "ENOENT" ? 404 : 500).end(String(error));
  }
}).listen(port, "127.0.0.1", () => console.log(`http://127.0.0.1:${port}`));
