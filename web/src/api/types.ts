/** Short names for what the API speaks of. */
import type { Readable } from "openapi-typescript-helpers";
import type { Schemas } from "./client";

export type Job = Readable<Schemas["Job"]>;
export type JobSummary = Readable<Schemas["JobSummary"]>;
export type JobState = Schemas["JobState"];
export type JobKind = JobSummary["kind"];
export type JobEvent = Readable<Schemas["Event"]>;
export type Attempt = Readable<Schemas["AttemptView"]>;
export type Artifact = Readable<Schemas["Artifact"]>;
export type Lineage = Readable<Schemas["Lineage"]>;
export type Cluster = Readable<Schemas["Cluster"]>;
export type Baseline = Schemas["Baseline"];
export type MetricSeries = Readable<Schemas["MetricSeries"]>;
export type Recipe = Readable<Schemas["Recipe"]>;
/** What the events of streams carry, by their names. */
export interface StreamEvents {
  open: Readable<Schemas["StreamOpened"]>;
  state: Readable<Schemas["JobChanged"]>;
  progress: Readable<Schemas["JobProgressed"]>;
  metrics: Readable<Schemas["MetricsLogged"]>;
  log: Readable<Schemas["LogWritten"]>;
  end: Readable<Schemas["StreamEnded"]>;
  cut: Readable<Schemas["StreamCut"]>;
}
export type Trial = Readable<Schemas["Trial"]>;
export type Answers = Readable<Schemas["Answers"]>;
export type AnySpec = Job["spec"];
export type SweepSpec = Extract<AnySpec, { space: unknown }>;
export type Dimension = SweepSpec["space"][string];

export function isSweepSpec(spec: AnySpec): spec is SweepSpec {
  return "space" in spec;
}
