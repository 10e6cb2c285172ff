/** What a job gains over training without a teacher. */
import type { JobSummary } from "@/api/types";

export interface Gain {
  ap: number;
  over: JobSummary;
}

/** Jobs compare with those of their project that train the same kind of student for as many steps. */
function groupOf(job: JobSummary): string {
  return JSON.stringify([job.project, job.student, job.progress.num_steps]);
}

/** The best baseline of each group among these jobs: gains over it are never too kind. */
export function findBaselines(jobs: readonly JobSummary[]): ReadonlyMap<string, JobSummary> {
  const found = new Map<string, JobSummary>();
  for (const job of jobs) {
    if (job.kind !== "job" || job.teacher !== null || job.state !== "succeeded" || job.best_ap === null)
      continue;
    const group = groupOf(job);
    if (job.best_ap > (found.get(group)?.best_ap ?? -Infinity)) found.set(group, job);
  }
  return found;
}

export function gainOf(job: JobSummary, baselines: ReadonlyMap<string, JobSummary>): Gain | null {
  const over = baselines.get(groupOf(job));
  if (job.kind !== "job" || job.teacher === null || job.best_ap === null || over?.best_ap == null)
    return null;
  return { ap: job.best_ap - over.best_ap, over };
}
