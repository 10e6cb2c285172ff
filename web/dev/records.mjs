// Made-up tokens, projects, webhooks, audit log, data sets and models. Development and tests only.
import { ago, noise } from "./data.mjs";

const later = (days) => new Date(Date.now() + days * 86_400_000).toISOString();
const mix = (seed) => (noise(seed) + 1) / 2;
const hash = (seed) =>
  Array.from({ length: 64 }, (_, at) => Math.floor(mix(seed * 71 + at * 3.7) * 16).toString(16)).join("");
const page = (items) => ({ body: { items, next_cursor: null } });
const empty = process.env.EMPTY === "1";

const token = (id, name, roles, fields = {}) => ({
  id,
  name,
  prefix: `still_${id.slice(4, 8)}`,
  roles,
  created_at: ago(86_400 * 20),
  created_by: "owner",
  expires_at: later(70),
  revoked_at: null,
  last_used_at: ago(180),
  ...fields,
});
const tokens = [
  token("tok-aaaaaaaaaa", "owner", { "*": "admin" }, { expires_at: null, last_used_at: ago(3) }),
  token("tok-k2m4p7qx3a", "nightly sweeps", { harbour: "editor", digits: "editor" }),
  token("tok-b7n3c5vd2f", "ada", { "*": "editor" }, { last_used_at: ago(86_400 * 2) }),
  token(
    "tok-z6x4c2v7b5",
    "wall screen",
    { "*": "viewer" },
    { expires_at: later(-3), last_used_at: ago(86_400 * 3) },
  ),
  token(
    "tok-q3w5e7r2t4",
    "old build server",
    { harbour: "admin" },
    { revoked_at: ago(86_400 * 5), last_used_at: null },
  ),
];

const project = (name, description, limits, jobs) => ({
  name,
  description,
  limits: { max_jobs: null, max_cpus: null, max_gpus: null, ...limits },
  jobs,
  created_at: description ? ago(86_400 * 40) : null,
  updated_at: description ? ago(86_400 * 4) : null,
});
const projects = [
  project("default", "", {}, { succeeded: 12 }),
  project(
    "digits",
    "The scenes that come along",
    { max_jobs: 4 },
    { running: 2, queued: 1, succeeded: 31, failed: 1 },
  ),
  project(
    "harbour",
    "Cameras 3 to 7 of the harbour",
    { max_jobs: 8, max_gpus: 6 },
    { running: 1, succeeded: 204 },
  ),
];

const webhook = (id, url, fields = {}) => ({
  id,
  project: "*",
  url,
  states: ["succeeded", "failed"],
  enabled: true,
  disabled_reason: null,
  failing_since: null,
  created_at: ago(86_400 * 9),
  created_by: "owner",
  updated_at: ago(86_400 * 2),
  ...fields,
});
const webhooks = [
  webhook("hook-k3v9x2m7qa", "https://chat.example.com/hooks/stillhouse"),
  webhook("hook-b5n7m2c4xz", "https://build.example.com/api/models/new", {
    project: "harbour",
    states: ["succeeded"],
    failing_since: ago(5400),
  }),
  webhook("hook-p8q2w4e6rt", "https://old.example.com/in", {
    states: [],
    enabled: false,
    disabled_reason: "nothing got through for 5 days, the last answer was 410 Gone",
  }),
];
const deliveries = (id) =>
  Array.from({ length: 6 }, (_, at) => {
    const state = id === "hook-k3v9x2m7qa" ? "delivered" : at === 0 ? "pending" : "failed";
    const tries = state === "delivered" ? 1 : 4;
    return {
      id: `msg-k3v9x2m7qak3v9x${at + 2}`,
      webhook_id: id,
      event_id: 200 + at,
      kind: at === 5 ? "test" : "job.succeeded",
      state,
      num_tries: tries,
      tries: Array.from({ length: tries }, (_, number) => ({
        at: ago(4000 * at + 900 - number * 200),
        seconds: 0.084 + 0.03 * number,
        status: state === "delivered" ? 204 : null,
        error: state === "delivered" ? null : "build.example.com does not answer: connection refused",
      })),
      created_at: ago(4000 * at + 900),
      next_try_at: state === "pending" ? new Date(Date.now() + 600_000).toISOString() : null,
      give_up_at: later(1),
      ended_at: state === "pending" ? null : ago(4000 * at + 100),
      body: JSON.stringify({
        type: "job.succeeded",
        data: { id: "job-pap5erwwww", state: "succeeded", best_ap: 34.9 },
      }),
    };
  });

const OPERATIONS = [
  ["submitJob", "POST", "/api/v1/jobs/job-rm3pf2aa7q", 201],
  ["cancelJob", "POST", "/api/v1/jobs/job-can2celled/cancel", 200],
  ["promoteModel", "POST", "/api/v1/models/harbour-small/promote", 200],
  ["createToken", "POST", "/api/v1/tokens", 403],
  ["submitSweep", "POST", "/api/v1/sweeps", 422],
  ["changeJob", "PATCH", "/api/v1/jobs/job-qu2ueued22", 412],
  ["registerDataset", "POST", "/api/v1/datasets/harbour", 201],
  [null, "POST", "/api/v1/admin.php", 404],
];
const audit = Array.from({ length: 40 }, (_, at) => {
  const [operation, method, target, status] = OPERATIONS[Math.floor(mix(at * 3.1) * OPERATIONS.length)];
  return {
    id: 400 - at,
    at: ago(300 + at * 2700),
    principal: operation === null ? null : ["owner", "ada", "nightly sweeps"][at % 3],
    token_id: operation === null ? null : "tok-aaaaaaaaaa",
    operation,
    method,
    target,
    status,
    request_id: `req-${hash(at).slice(0, 10)}`,
    client: ["127.0.0.1", "10.0.3.17"][at % 2],
  };
});

const CLASSES = ["boat", "buoy", "container ship", "crane", "ferry", "kayak", "person", "tug"];
const split = (name) => ({
  images: `harbour/${name}`,
  annotations: `harbour/annotations/${name}.json`,
  format: "coco",
  image_list: null,
  classes: null,
});
const splitReport = (images, seed) => {
  const classes = CLASSES.map((name, at) => ({
    name,
    category_id: at + 1,
    instances: Math.round((images * 3.4 * (0.6 + 0.8 * mix(seed + at))) / (1 + at) ** 1.3),
    images: Math.round((images * 0.8) / (1 + at)),
  }));
  const instances = classes.reduce((sum, each) => sum + each.instances, 0);
  return {
    images,
    instances,
    crowds: 12,
    images_without_boxes: Math.round(images / 40),
    box_sizes: {
      small: Math.round(instances * 0.46),
      medium: Math.round(instances * 0.37),
      large: instances - Math.round(instances * 0.46) - Math.round(instances * 0.37),
    },
    classes,
    image_sizes: [{ width: 1280, height: 720, images }],
    num_image_sizes: 3,
    decoded_images: images,
    size_bytes: images * 184_000,
  };
};
const version = (number, state, reason = "") => ({
  version: number,
  state,
  reason,
  hash: state === "ready" ? hash(number) : null,
  created_at: ago(86_400 * (12 - 4 * number)),
  created_by: "ada",
});
const MISSING = "training: 3 image files missing (for example 00017.png)";
const finding = (code, severity, of, count, message, examples = []) => ({
  code,
  severity,
  split: of,
  count,
  message,
  examples,
});
const dataset = (name, state, fields = {}) => ({
  name,
  project: "harbour",
  version: 2,
  state,
  reason: "",
  description: "Cameras 3 to 7, labelled in spring",
  train: split("train"),
  val: split("val"),
  hash: state === "ready" ? hash(2) : null,
  report: {
    kind: "dataset",
    train: splitReport(8412, 1),
    val: splitReport(1204, 5),
    findings: [
      finding("few_instances", "warning", "val", 1, "class kayak has 9 boxes only; its AP will say little"),
      finding("tiny_boxes", "warning", "train", 31, "boxes are smaller than 4 × 4 px", [
        "00231.jpg box 4",
        "00907.jpg box 1",
      ]),
    ],
    hash: hash(2),
    hash_covers: "bytes",
  },
  num_samples: 12,
  created_at: ago(86_400 * 4),
  created_by: "ada",
  checked_at: ago(86_400 * 4 - 90),
  versions: [version(2, state), version(1, "refused", MISSING)],
  ...fields,
});
const datasets = [
  dataset("harbour", "ready"),
  dataset("digits", "ready", {
    project: "digits",
    description: "Scenes of digits, made by `stillhouse demo`",
  }),
  dataset("yard-night", "refused", {
    reason: MISSING,
    report: {
      ...dataset("x", "refused").report,
      findings: [
        finding("missing_images", "error", "train", 3, "image files are missing", ["00017.png", "00211.png"]),
        finding("box_outside", "warning", "val", 2, "boxes reach beyond their image and are cut off"),
      ],
      hash: null,
    },
  }),
  dataset("quay", "checking", { report: null, num_samples: 0, checked_at: null, description: "" }),
];
const summary = (one) => ({
  ...one,
  num_classes: one.report?.train.classes.length ?? null,
  num_train_images: one.report?.train.images ?? null,
  num_val_images: one.report?.val.images ?? null,
  num_instances: one.report ? one.report.train.instances + one.report.val.instances : null,
});
const samples = (name) =>
  Array.from({ length: 12 }, (_, index) => ({
    index,
    split: index % 3 === 2 ? "val" : "train",
    file_name: `${String(231 + index * 97).padStart(5, "0")}.jpg`,
    width: 640,
    height: 400,
    image_url: `/api/v1/datasets/${name}/samples/${index}/image?version=2`,
    boxes: boxes(index),
  }));
const boxes = (index) =>
  Array.from({ length: 2 + (index % 5) }, (_, at) => {
    const seed = index * 17 + at * 5;
    const width = 40 + 150 * mix(seed);
    const height = 30 + 90 * mix(seed + 1);
    return {
      box_xywh: [(640 - width) * mix(seed + 2), 120 + (280 - height) * mix(seed + 3), width, height],
      name: CLASSES[Math.floor(mix(seed + 4) ** 2 * CLASSES.length)],
      iscrowd: index === 3 && at === 0,
    };
  });
const SHIP = ({ box_xywh: [x, y, w, h] }) =>
  `<rect x="${x}" y="${y + h * 0.4}" width="${w}" height="${h * 0.6}" rx="8" fill="#5b6b7a"/><rect x="${x + w * 0.3}" y="${y}" width="${w * 0.3}" height="${h * 0.5}" fill="#93a3ad"/>`;
const picture = (index) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 400"><rect width="640" height="400" fill="#b9cdd8"/><rect y="150" width="640" height="250" fill="#3f6a80"/>${boxes(index).map(SHIP).join("")}</svg>`;

const modelVersion = (number, fields = {}) => ({
  version: number,
  state: "ready",
  reason: "",
  description: "",
  source: { path: null, job: "job-pap5erwwww", torchvision: null },
  job_id: "job-pap5erwwww",
  weights: `students/job-pap5erwwww/${number}.safetensors`,
  architecture: "RetinaNet, ResNet-18",
  num_parameters: 19_800_000,
  num_classes: 8,
  image_size_px: 640,
  sha256: hash(number + 30),
  size_bytes: 79_400_000,
  metrics: { "val/AP": 36.2 + number },
  aliases: number === 2 ? ["production"] : number === 3 ? ["candidate"] : [],
  registration: {
    state: "done",
    note: "",
    version: String(number),
    url: `/mlflow/#/models/harbour-small/versions/${number}`,
  },
  created_at: ago(86_400 * (20 - 5 * number)),
  created_by: "ada",
  ...fields,
});
const model = (name, version, fields = {}) => ({
  name,
  project: "harbour",
  aliases: {},
  version,
  versions: [version],
  report: {
    kind: "model",
    architecture: version.architecture,
    detector: {},
    class_names: CLASSES,
    image_size_px: 640,
    num_parameters: version.num_parameters ?? 0,
    precision: "float32",
    metrics: {},
    sha256: version.sha256 ?? "",
    size_bytes: version.size_bytes ?? 0,
    sample: { dataset: "harbour@2", images: 100, metrics: { "val/AP": 48.9, "val/AP50": 71.2 } },
    findings: [],
  },
  ...fields,
});
const fromFile = {
  job_id: null,
  source: { path: "teachers/harbour.safetensors", job: null, torchvision: null },
  registration: { state: "none", note: "", version: null, url: null },
  aliases: [],
};
const models = [
  model("harbour-small", modelVersion(3), {
    aliases: { production: 2, candidate: 3 },
    versions: [3, 2, 1].map((number) => modelVersion(number)),
  }),
  model(
    "harbour-teacher",
    modelVersion(1, {
      ...fromFile,
      architecture: "RetinaNet, ResNet-101",
      num_parameters: 56_900_000,
      size_bytes: 228_000_000,
      metrics: { "sample/AP": 48.9 },
      description: "Trained for a week in spring",
    }),
  ),
  model(
    "coco-teacher",
    modelVersion(1, {
      ...fromFile,
      state: "refused",
      reason: "teacher has 80 classes, harbour has 8: it must know the data set's classes by name",
      metrics: {},
    }),
    {
      report: null,
    },
  ),
];
const descendant = (number, ap, state = "succeeded") => ({
  job_id: `job-de5cend${number}aa`,
  job_name: `harbour, PFI weight ${100 * number}`,
  kind: "job",
  state,
  input: "harbour-teacher@1",
  students: number === 1 ? ["harbour-small"] : [],
  metrics: ap === null ? {} : { "val/AP": ap },
});
const descendants = [descendant(1, 39.2), descendant(2, 38.4), descendant(3, null, "running")];
const teacherOrigin = {
  model: { name: "harbour-teacher", version: 1, sha256: hash(31), aliases: [] },
  weights: null,
  job: null,
  data: null,
  teacher: null,
};
const lineage = (name) =>
  name !== "harbour-small"
    ? { origin: { ...teacherOrigin, model: { ...teacherOrigin.model, name } }, descendants }
    : {
        origin: {
          model: { name, version: 3, sha256: hash(33), aliases: ["candidate"] },
          weights: null,
          job: {
            id: "job-pap5erwwww",
            name: "harbour, RM and PFI 300",
            project: "harbour",
            state: "succeeded",
            spec_sha256: hash(9),
            mlflow_run_id: "r1",
            mlflow_url: null,
            code: "0.1.0",
            ended_at: ago(4000),
          },
          data: { dataset: "harbour@2", hash: hash(2), train: split("train"), val: split("val") },
          teacher: teacherOrigin,
        },
        descendants: [],
      };
const modelEvents = [
  {
    id: 1,
    at: ago(86_400 * 15),
    actor: "ada",
    action: "registered",
    alias: null,
    version: 1,
    previous: null,
    note: "",
  },
  {
    id: 2,
    at: ago(86_400 * 12),
    actor: "ada",
    action: "promoted",
    alias: "production",
    version: 1,
    previous: null,
    note: "first that beats the old one",
  },
  {
    id: 3,
    at: ago(86_400 * 10),
    actor: "reconciler",
    action: "registered",
    alias: null,
    version: 2,
    previous: null,
    note: "",
  },
  {
    id: 4,
    at: ago(86_400 * 9),
    actor: "owner",
    action: "promoted",
    alias: "production",
    version: 2,
    previous: 1,
    note: "",
  },
  {
    id: 5,
    at: ago(86_400 * 5),
    actor: "reconciler",
    action: "registered",
    alias: null,
    version: 3,
    previous: null,
    note: "",
  },
];

const missing = (what) => ({
  status: 404,
  body: {
    type: "x",
    title: "There is no such thing",
    status: 404,
    detail: `there is no ${what}`,
    errors: [],
  },
});

const COLLECTIONS = {
  tokens(method, id, _action, body) {
    if (method === "POST") {
      const made = token(`tok-${hash(tokens.length).slice(0, 10)}`, body.name, body.roles, {
        expires_at: body.expires_at,
        last_used_at: null,
        created_at: ago(0),
      });
      tokens.unshift(made);
      return { status: 201, body: { ...made, secret: `still_${hash(tokens.length).slice(0, 40)}` } };
    }
    const found = tokens.find((each) => each.id === id);
    if (method === "DELETE" && found) return { body: Object.assign(found, { revoked_at: ago(0) }) };
    return page(tokens);
  },
  projects(method, id, _action, body) {
    if (method !== "PUT") return { body: { items: empty ? [] : projects } };
    const found = projects.find((each) => each.name === id) ?? project(id, "", {}, {});
    if (!projects.includes(found)) projects.push(found);
    return { body: Object.assign(found, body, { created_at: ago(0) }) };
  },
  webhooks(method, id, action, body, last) {
    if (!id && method === "POST") {
      const made = webhook(`hook-new${webhooks.length}aaaaaa`, body.url, body);
      webhooks.unshift(made);
      return { status: 201, body: { ...made, secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" } };
    }
    if (!id) return page(empty ? [] : webhooks);
    if (action === "deliveries" && !last) return page(deliveries(id));
    if (action) return { status: 202, body: deliveries(id)[0] };
    const found = webhooks.find((each) => each.id === id);
    if (method === "DELETE") webhooks.splice(webhooks.indexOf(found), 1);
    return method === "DELETE" ? { status: 204 } : { body: Object.assign(found, body) };
  },
  audit: () => page(empty ? [] : audit),
  datasets(method, id, action, body, last) {
    if (!id && method === "POST") {
      datasets.unshift(dataset(body.name, "checking", { ...body, version: 1, report: null, num_samples: 0 }));
      return { status: 201, body: datasets[0] };
    }
    if (!id) return page(empty ? [] : datasets.map(summary));
    const found = datasets.find((each) => each.name === id);
    if (!found) return missing(`data set ${id}`);
    if (action === "lineage") return { body: { descendants } };
    if (action === "samples" && last === undefined) return { body: { items: samples(id) } };
    if (action === "samples") return { type: "image/svg+xml", body: picture(Number(last)) };
    return { body: found };
  },
  models(method, id, action, body) {
    if (!id && method === "POST")
      return {
        status: 201,
        body: model(body.name, modelVersion(1, { state: "checking" }), { report: null }),
      };
    if (!id)
      return page(empty ? [] : models.map((each) => ({ ...each, num_versions: each.versions.length })));
    const found = models.find((each) => each.name === id);
    if (!found) return missing(`model ${id}`);
    if (action === "lineage") return { body: lineage(id) };
    if (action === "events") return page(modelEvents);
    if (action === "promote") found.aliases = { ...found.aliases, [body.alias]: body.version };
    return { body: found };
  },
};

const COUNTED = new Set(["audit"]);

/** The answer about something that is kept; undefined where the path is about something else. */
export function answerRecords(method, url, body) {
  const [, , , collection, id, action, last] = url.pathname.split("/");
  if (!(collection in COLLECTIONS)) return undefined;
  const reply = COLLECTIONS[collection](method, id && decodeURIComponent(id), action, body, last);
  if (!COUNTED.has(collection)) return reply;
  const wanted = url.searchParams;
  const items = reply.body.items.filter(
    (entry) =>
      (!wanted.get("principal") || entry.principal === wanted.get("principal")) &&
      (!wanted.get("operation") || entry.operation === wanted.get("operation")) &&
      (!wanted.get("target") || entry.target.includes(wanted.get("target"))) &&
      (!wanted.get("refused") || String(entry.status >= 400) === wanted.get("refused")),
  );
  return { ...reply, body: { ...reply.body, items } };
}
