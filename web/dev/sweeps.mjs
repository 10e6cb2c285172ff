// Made-up sweeps: one that runs, and one of a thousand trials. Development and tests only.
import { ago, jobSpec, noise } from "./data.mjs";

const empty = process.env.EMPTY === "1";
const mix = (seed) => (noise(seed) + 1) / 2;
const PFI = "distillation.losses.feature_imitation.weight";
const RM = "distillation.losses.rank_mimicking.weight";
const TAU = "distillation.losses.rank_mimicking.temperature";
const LR = "optimizer.learning_rate";
const NORM = "student.backbone.norm";

const SPACE = {
  [PFI]: { kind: "uniform", low: 1, high: 1000, log: true },
  [RM]: { kind: "uniform", low: 0.1, high: 10, log: true },
  [TAU]: { kind: "uniform", low: 0.5, high: 4, log: false },
};
const WIDE = {
  ...SPACE,
  [LR]: { kind: "uniform", low: 0.0003, high: 0.01, log: true },
  [NORM]: { kind: "choice", values: ["batch", "group"] },
};

const sweepSpec = (name, space, num_trials, fields = {}) => ({
  ...jobSpec(name),
  kind: "sweep",
  space,
  objective: { metric: "val/AP", direction: "maximize", value: "last" },
  further_objectives: [],
  constraints: [],
  num_trials,
  fixed_trials: [],
  past_trials: [],
  max_concurrent_trials: 4,
  search: { kind: "tpe", num_startup_trials: 8 },
  scheduler: { kind: "asha", grace_steps: 200, reduction_factor: 3 },
  budget: { wall_s: null, gpu_hours: 4, patience_trials: null, min_improvement: 0 },
  controls: { baseline: true, num_finalists: 2, num_seeds: 3, confidence: 0.95 },
  seed: 0,
  ...fields,
});

const STEPS = 800;

function trial(number, space, { running, role = "search", at, further }) {
  const narrow = number > 12 ? 0.4 : 1;
  const parameters = {};
  Object.keys(space).forEach((path, index) => {
    const share =
      0.5 +
      (mix(number * (3.1 + 2 * index)) - 0.5) * (index === 0 ? narrow : 1) +
      (index === 0 ? 0.25 * (1 - narrow) : 0);
    const dimension = space[path];
    parameters[path] =
      dimension.kind === "choice"
        ? dimension.values[Math.floor(share * 1.999)]
        : dimension.log
          ? dimension.low * (dimension.high / dimension.low) ** share
          : dimension.low + share * (dimension.high - dimension.low);
  });
  const peak = -((Math.log10(parameters[PFI]) - 2.45) ** 2) / 0.7;
  const final =
    role === "baseline"
      ? 34.4 + noise(number) * 0.5
      : 30 + 12 * Math.exp(peak) + 1.5 * noise(number * 7) - Math.log10(parameters[RM]) ** 2;
  const failed = number % 97 === 5;
  const stopped = !running && !failed && role === "search" && final < 36 && number > 4;
  const end = running ? 240 : stopped ? 200 + 100 * (number % 3) : failed ? 120 : STEPS;
  const reports = Array.from({ length: Math.floor(end / 40) }, (_, index) => {
    const step = (index + 1) * 40;
    return { step, value: final * (1 - Math.exp(-step / 190)) + 0.4 * noise(step + number) };
  });
  const seconds = 30 + end / 9 + 8 * mix(number);
  return {
    number,
    state: running ? "running" : failed ? "failed" : stopped ? "stopped" : "succeeded",
    role,
    seed: role === "search" ? 0 : number % 3,
    repeats: role === "finalist" ? 17 : null,
    parameters: role === "baseline" ? {} : parameters,
    schedule: [],
    exploits: [],
    metrics: { "val/AP": final },
    objective: failed ? null : (reports.at(-1)?.value ?? null),
    further_objectives: further ? [failed ? null : 4 + 9 * mix(number * 11) + final / 12] : [],
    reports,
    seconds,
    step: end,
    mlflow_run_id: `run${number}`,
    mlflow_url: `/mlflow/#/experiments/1/runs/run${number}`,
    started_at: ago(at),
    ended_at: running ? null : ago(at - seconds),
    reason: failed
      ? "CUDA out of memory at step 120; try a smaller batch"
      : stopped
        ? "stopped at a rung: others did better"
        : "",
  };
}

/** Trials one after another in as many slots as run at once. */
function makeTrials(space, total, live, further = false) {
  const slots = [0, 0, 0, 0];
  const made = [];
  for (let number = 1; number <= total; number += 1) {
    const slot = slots.indexOf(Math.min(...slots));
    const role = number === 2 || number === 3 ? "baseline" : "search";
    made.push({ number, role, slot, start: slots[slot] });
    slots[slot] += trial(number, space, { at: 0, role, running: false }).seconds + 3;
  }
  const span = Math.max(...slots);
  return made.map(({ number, role, start }) =>
    trial(number, space, {
      at: span - start + (live ? 20 : 4000),
      role,
      running: live && number > total - 3,
      further,
    }),
  );
}

const front = (trials) =>
  trials
    .filter(
      (one) =>
        one.objective !== null &&
        !trials.some(
          (other) =>
            other.objective > one.objective && other.further_objectives[0] < one.further_objectives[0],
        ),
    )
    .map((one) => ({ trial: one.number, values: [one.objective, one.further_objectives[0]] }))
    .sort((a, b) => b.values[0] - a.values[0]);

function answersOf({ spec, trials }) {
  const found = trials.filter((one) => one.objective !== null && one.role === "search");
  const best = found.reduce((a, b) => (b.objective > a.objective ? b : a), found[0]);
  const arm = (one, values) => ({
    trial: one?.number ?? null,
    parameters: one?.parameters ?? {},
    schedule: [],
    seeds: [0, 1, 2],
    values,
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    spread: 0.4,
  });
  const winner = arm(best, [best.objective, best.objective - 0.4, best.objective + 0.3]);
  const baseline = arm(null, [34.4, 34.1, 34.9]);
  const gain = winner.mean - baseline.mean;
  return {
    verdict: {
      outcome: "better",
      text: `Trial ${best.number} beats the baseline by ${gain.toFixed(1)} AP (95 % interval ${(gain - 0.9).toFixed(1)} to ${(gain + 0.9).toFixed(1)}, 3 seeds). Take its weights.`,
      winner,
      baseline,
      gain: { mean: gain, low: gain - 0.9, high: gain + 0.9, confidence: 0.95, seeds: [0, 1, 2] },
      teacher: 66.5,
      gap_closed: gain / (66.5 - baseline.mean),
      finalists: [winner],
    },
    objectives: [spec.objective, ...spec.further_objectives],
    importances: Object.keys(spec.space).map((path, at) => ({
      path,
      importance: [0.71, 0.16, 0.08, 0.04, 0.01][at],
      num_trials: found.length,
    })),
    history: [],
    front: spec.further_objectives.length > 0 ? front(trials) : [],
    cost: { hours: 1.9, of: "GPU", steps: 13_400, full_steps: 19_200, saved: 0.31 },
  };
}

const row = (id, spec, trials, state, fields = {}) => ({
  id,
  kind: "sweep",
  name: spec.name,
  project: spec.project,
  tags: ["demo"],
  priority: 0,
  state,
  reason: "",
  cause: null,
  resources: { cpus: 2, gpus: 1 },
  teacher: "digits-teacher@1",
  student: "retinanet resnet",
  progress: {
    phase: state === "running" ? "training" : null,
    step: trials.filter((one) => one.ended_at).length,
    num_steps: spec.num_trials,
    eta_s: state === "running" ? 900 : null,
  },
  metrics: { "val/AP": Math.max(0, ...trials.map((one) => one.objective ?? 0)) },
  best_ap: trials.length > 0 ? Math.max(...trials.map((one) => one.objective ?? 0)) : null,
  attempt: 1,
  revision: 4,
  not_before: null,
  cloned_from: null,
  mlflow_run_id: "r1",
  mlflow_url: "/mlflow/#/experiments/1/runs/r1",
  created_at: ago(5000),
  updated_at: ago(1),
  started_at: ago(4980),
  ended_at: state === "succeeded" ? ago(3900) : null,
  spec,
  attempts: [],
  ...fields,
});

const LATENCY = [{ metric: "student/latency_ms", direction: "minimize", value: "last" }];
const make = (id, name, space, total, state, more = {}) => {
  const trials = makeTrials(space, total, state === "running", more.further_objectives !== undefined);
  const spec = sweepSpec(name, space, state === "running" ? total + 6 : total, more);
  return { row: row(id, spec, trials, state), spec, trials };
};
const sweeps = empty
  ? []
  : [
      make("sweep-k3v5x2m7qa", "digits, loss weights", SPACE, 40, "running"),
      make("sweep-pareto2222", "harbour, AP against latency", WIDE, 120, "succeeded", {
        further_objectives: LATENCY,
      }),
      make("sweep-th5usandaa", "harbour, everything", WIDE, 1000, "succeeded"),
    ];

/** The answer about sweeps; undefined where the path is about something else. */
export function answerSweeps(method, url) {
  const [, , , collection, id, action] = url.pathname.split("/");
  if (collection !== "sweeps" && !(collection === "jobs" && id?.startsWith("sweep-"))) return undefined;
  if (!id && method === "GET") return { body: { items: sweeps.map((each) => each.row), next_cursor: null } };
  const found = sweeps.find((each) => each.row.id === id);
  if (!found) return undefined;
  if (action === "trials" && method === "GET") {
    const most = Number(url.searchParams.get("max_reports") ?? 1e9);
    return { body: { items: found.trials.map((one) => ({ ...one, reports: one.reports.slice(0, most) })) } };
  }
  if (action === "answers") return { body: answersOf(found) };
  return action === undefined || method === "POST" ? { body: found.row } : undefined;
}
