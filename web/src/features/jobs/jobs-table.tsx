import { Link } from "@tanstack/react-router";
import type { JobSummary } from "@/api/types";
import { useCancelJob } from "@/api/jobs";
import { ConfirmButton } from "@/components/confirm-button";
import { ErrorNotice } from "@/components/notices";
import { ProgressBar } from "@/components/progress-bar";
import { StateBadge } from "@/components/state-badge";
import { TimeAgo } from "@/components/time-ago";
import { formatAp } from "@/lib/format";
import { canCancel, isFinal } from "@/lib/states";

/** One row a job. On a phone each row becomes a small card, by style alone. */
export function JobsTable({ jobs }: { jobs: readonly JobSummary[] }) {
  const cancel = useCancelJob();
  return (
    <>
      {cancel.isError && <ErrorNotice error={cancel.error} />}
      <div className="table-wrap">
        <table className="table jobs-table">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">State</th>
              <th scope="col">Progress</th>
              <th scope="col" className="right">
                AP
              </th>
              <th scope="col" className="right">
                AP50
              </th>
              <th scope="col" className="right">
                Teacher AP
              </th>
              <th scope="col" className="right">
                Age
              </th>
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {jobs.map((job) => (
              <JobRow key={job.id} job={job} busy={cancel.isPending} onCancel={() => cancel.mutate(job.id)} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function JobRow({ job, busy, onCancel }: { job: JobSummary; busy: boolean; onCancel: () => void }) {
  const unit = job.kind === "sweep" ? "trials" : "steps";
  return (
    <tr>
      <th scope="row" className="cell-name">
        <Link to={job.kind === "sweep" ? "/sweeps/$id" : "/jobs/$id"} params={{ id: job.id }}>
          {job.name}
        </Link>
        <span className="sub">
          <span className={`kind kind-${job.kind}`}>{job.kind}</span> {job.project}
        </span>
      </th>
      <td className="cell-state">
        <StateBadge state={job.state} />
        {job.reason && (
          <span className="sub reason" title={job.reason}>
            {job.reason}
          </span>
        )}
      </td>
      <td className="cell-progress">
        <ProgressBar
          progress={job.progress}
          label={`Progress of ${job.name}`}
          unit={unit}
          live={!isFinal(job.state)}
        />
      </td>
      <Metric label="AP" value={job.metrics["val/AP"]} strong />
      <Metric label="AP50" value={job.metrics["val/AP50"]} />
      <Metric label="Teacher AP" value={job.metrics["teacher/AP"]} />
      <td className="right num" data-label="Age">
        <TimeAgo at={job.created_at} suffix="" />
      </td>
      <td className="cell-actions">
        {job.mlflow_url && (
          <a className="button small" href={job.mlflow_url} aria-label={`Run of ${job.name} in MLflow`}>
            MLflow
          </a>
        )}
        {canCancel(job.state) && (
          <ConfirmButton
            small
            label="Cancel"
            ariaLabel={`Cancel ${job.name}`}
            title={`Cancel ${job.name}?`}
            confirm={`Cancel this ${job.kind}`}
            busy={busy}
            onConfirm={onCancel}
          >
            <p>It ends after writing a checkpoint. Metrics and log are kept.</p>
          </ConfirmButton>
        )}
      </td>
    </tr>
  );
}

function Metric({ label, value, strong }: { label: string; value: number | undefined; strong?: boolean }) {
  return (
    <td className={strong ? "right num strong" : "right num"} data-label={label}>
      {formatAp(value)}
    </td>
  );
}
