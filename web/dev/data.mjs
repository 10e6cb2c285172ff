// Made-up jobs and sweeps for looking at the pages without a cluster. Development and tests only.

const START = Date.now();
export const ago = (seconds) => new Date(START - seconds * 1000).toISOString();

/** Deterministic noise in -1..1. */
export function noise(seed) {
  const x = Math.sin(seed * 12.9898) * 43758.5453;
  return (x - Math.floor(x)) * 2 - 1;
}

export function trainingSpec(distils, weight = 300) {
  return {
    version: 1,
    seed: 0,
    data: {
      train: { images: "digit-scenes/train", annotations: "digit-scenes/annotations/train.json" },
      val: { images: "digit-scenes/val", annotations: "digit-scenes/annotations/val.json" },
      image_size_px: 96,
      horizontal_flip: 0,
      num_workers: 0,
    },
    student: {
      kind: "retinanet",
      backbone: { kind: "resnet", depths: [1, 1, 1, 1], width: 16, norm: "batch" },
      fpn_channels: 32,
      num_head_convs: 2,
      num_levels: 3,
      anchor_scale: 2.5,
    },
    distillation: distils
      ? {
          teacher: { weights: "teachers/digits.safetensors" },
          losses: [
            { kind: "rank_mimicking", name: "rank_mimicking", weight: 4, temperature: 1, space: "scores" },
            {
              kind: "feature_imitation",
              name: "feature_imitation",
              weight,
              space: "scores",
              reduction: "mean",
              detach_weight: true,
              normalize: false,
            },
          ],
        }
      : null,
    optimizer: {
      kind: "adamw",
      learning_rate: 0.002,
      weight_decay: 0.01,
      warmup_steps: 50,
      max_gradient_norm: 10,
    },
    num_steps: 800,
    batch_size: 16,
    evaluate_every_steps: 100,
    checkpoint_every_steps: 200,
    log_every_steps: 10,
    precision: "float32",
    device: "auto",
    num_threads: 1,
  };
}

export function jobSpec(name, distils = true, weight = 300) {
  return {
    version: 1,
    name,
    project: "digits",
    tags: ["demo"],
    resources: { cpus: 1, gpus: 0 },
    priority: 0,
    retry: { max_attempts: 3 },
    kind: "job",
    training: trainingSpec(distils, weight),
  };
}

const PFI = "distillation.losses.feature_imitation.weight";
const RM = "distillation.losses.rank_mimicking.weight";
const TAU = "distillation.losses.rank_mimicking.temperature";

export function sweepSpec(name) {
  return {
    ...jobSpec(name),
    kind: "sweep",
    space: {
      [PFI]: { kind: "uniform", low: 1, high: 1000, log: true },
      [RM]: { kind: "uniform", low: 0.1, high: 10, log: true },
      [TAU]: { kind: "uniform", low: 0.5, high: 4, log: false },
    },
    objective: { metric: "val/AP", direction: "maximize", value: "last" },
    further_objectives: [],
    num_trials: 24,
    max_concurrent_trials: 2,
    search: { kind: "tpe", num_startup_trials: 8 },
    scheduler: { kind: "none" },
    seed: 0,
  };
}

export function apAt(step, final) {
  return final * (1 - Math.exp(-step / 260)) * 1.045 + noise(step + final) * 0.5;
}

/** The curves of a training that has come to `step`. */
export function series(step, final, distils) {
  const curves = {};
  const add = (key, at, value) => (curves[key] ??= []).push({ step: at, value, at: ago(900 - at) });
  for (let at = 10; at <= step; at += 10) {
    const decay = Math.exp(-at / 220);
    const wobble = (seed) => 1 + 0.12 * noise(at * seed);
    add("train/loss/classification", at, (0.22 + 0.95 * decay) * wobble(1));
    add("train/loss/box", at, (0.18 + 0.5 * decay) * wobble(2));
    if (distils) {
      add("train/loss/rank_mimicking", at, (0.06 + 0.2 * decay) * wobble(3));
      add("train/loss/feature_imitation", at, (0.0012 + 0.006 * decay) * wobble(5));
    }
    add("train/loss/total", at, (0.6 + 2.4 * decay) * wobble(4));
    add(
      "train/learning_rate",
      at,
      at < 50 ? (0.002 * at) / 50 : 0.001 * (1 + Math.cos((Math.PI * at) / 800)),
    );
    add("train/images_per_second", at, 118 + 9 * noise(at * 7));
    add("train/gradient_norm", at, (1.4 + 5 * decay) * wobble(6));
  }
  for (let at = 100; at <= step; at += 100) {
    const ap = apAt(at, final);
    add("val/AP", at, ap);
    add("val/AP50", at, ap * 1.62);
    add("val/AP75", at, ap * 0.98);
    for (let digit = 0; digit < 10; digit += 1)
      add(`val/AP/${digit}`, at, Math.max(0, ap + 9 * noise(digit + 3)));
  }
  if (distils) {
    add("teacher/AP", 0, 66.5);
    add("teacher/AP50", 0, 92.1);
  }
  return Object.entries(curves).map(([key, points]) => ({ key, points }));
}

export function trials(done, total) {
  return Array.from({ length: Math.min(total, done + 2) }, (_, index) => {
    const number = index + 1;
    const mix = (seed) => (noise(number * seed) + 1) / 2;
    const near = index > 8 ? 0.35 : 1;
    const pfi = 10 ** (3 * (index > 8 ? 0.8 + (mix(3.7) - 0.5) * near : mix(3.7)));
    const rm = 10 ** (2 * mix(5.1) - 1);
    const tau = 0.5 + 3.5 * mix(7.3);
    const final =
      30 + 13 * Math.exp(-((Math.log10(pfi) - 2.45) ** 2) / 0.7) - 1.2 * Math.log10(rm) ** 2 + noise(number);
    const running = index >= done;
    return {
      number,
      state: running ? "running" : number === 5 ? "failed" : "succeeded",
      parameters: { [PFI]: pfi, [RM]: rm, [TAU]: tau },
      metrics: running ? {} : { "val/AP": final, "val/AP50": final * 1.6 },
      objective: running || number === 5 ? null : final,
      step: running ? 240 : 800,
      mlflow_run_id: `run${number}`,
      mlflow_url: `/mlflow/#/experiments/1/runs/run${number}`,
      started_at: ago(1900 - number * 70),
      ended_at: running ? null : ago(1900 - number * 70 - 64),
      reason: "",
    };
  });
}
