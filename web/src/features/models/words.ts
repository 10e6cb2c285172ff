/** What a version of a model is, in words. */
import type { ModelVersion } from "./queries";

/** Whether a version came out of a job here, or was brought from elsewhere. */
export function roleOf(version: Pick<ModelVersion, "job_id">): "student" | "teacher" {
  return version.job_id === null ? "teacher" : "student";
}

/** The AP that says most about a version, and on what it was measured; null where none is known. */
export function apOf(version: Pick<ModelVersion, "metrics">): { value: number; on: string } | null {
  for (const [key, on] of [
    ["val/AP", "validation, at the end of its training"],
    ["sample/AP", "a sample, by its check"],
  ] as const) {
    const value = version.metrics[key];
    if (value !== undefined) return { value, on };
  }
  return null;
}

export function sourceWords({ source }: Pick<ModelVersion, "source">): string {
  if ("upload" in source) return "was uploaded";
  if ("trial" in source) return `the student of trial ${source.trial} of ${source.job}`;
  if (source.job) return `the student of ${source.job}`;
  if (source.torchvision) return `torchvision's ${source.torchvision}`;
  return source.path ?? "unknown";
}
