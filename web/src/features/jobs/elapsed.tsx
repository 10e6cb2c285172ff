import type { JobSummary } from "@/api/types";
import { formatDuration } from "@/lib/format";
import { useNow } from "@/lib/now";

/** How long a job has run, from its first sign of life to its end or now. */
export function Elapsed({ job }: { job: JobSummary }) {
  return job.started_at !== null && job.ended_at === null ? (
    <Running since={job.started_at} />
  ) : (
    formatDuration(seconds(job.started_at, job.ended_at))
  );
}

function Running({ since }: { since: string }) {
  return formatDuration((useNow() - Date.parse(since)) / 1000);
}

function seconds(from: string | null, to: string | null): number | null {
  return from === null || to === null ? null : (Date.parse(to) - Date.parse(from)) / 1000;
}
