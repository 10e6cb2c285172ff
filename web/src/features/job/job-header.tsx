import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { baselineQuery } from "@/api/baselines";
import { useJobAction } from "@/api/actions";
import { isSweepSpec, type Job } from "@/api/types";
import { ConfirmButton } from "@/components/confirm-button";
import { ErrorNotice } from "@/components/notices";
import { ProgressBar } from "@/components/progress-bar";
import { StateBadge } from "@/components/state-badge";
import { TimeAgo } from "@/components/time-ago";
import { formatAp, formatDuration, formatGain, formatNumber } from "@/lib/format";
import { useNow } from "@/lib/now";
import { ACTION_WORDS, actionsOf } from "@/lib/actions";
import { canCancel, isFinal } from "@/lib/states";

/** What a job is, how it stands and what can be done with it. */
export function JobHeader({ job }: { job: Job }) {
  const act = useJobAction();
  const live = !isFinal(job.state);
  return (
    <header className="job-header">
      <nav aria-label="Breadcrumb" className="crumbs">
        {job.kind === "sweep" ? <Link to="/sweeps">Sweeps</Link> : <Link to="/jobs">Jobs</Link>}
        <span aria-hidden="true">/</span>
        <Link to="/jobs" search={{ project: job.project }}>
          {job.project}
        </Link>
        <span aria-hidden="true">/</span>
        <span className="num">{job.id}</span>
      </nav>
      <div className="page-title">
        <h1>{job.name}</h1>
        <StateBadge state={job.state} />
        <div className="spacer" />
        {job.mlflow_url && (
          <a className="button" href={job.mlflow_url}>
            Open in MLflow
          </a>
        )}
        <Link to="/new" search={{ clone: job.id }} className="button">
          Clone
        </Link>
        {actionsOf(job.state)
          .filter((action) => action !== "cancel")
          .map((action) => (
            <button
              key={action}
              type="button"
              className="button"
              title={ACTION_WORDS[action].effect}
              onClick={() => act.mutate({ action, ids: [job.id] })}
            >
              {ACTION_WORDS[action].button}
            </button>
          ))}
        {canCancel(job.state) && (
          <ConfirmButton
            label="Cancel"
            title={`Cancel ${job.name}?`}
            confirm={`Cancel this ${job.kind}`}
            busy={act.isPending}
            onConfirm={() => act.mutate({ action: "cancel", ids: [job.id] })}
          >
            <p>{ACTION_WORDS.cancel.effect}</p>
          </ConfirmButton>
        )}
      </div>
      {job.reason && (
        <p className={job.state === "failed" ? "job-reason failed" : "job-reason"}>{job.reason}</p>
      )}
      {act.isError && <ErrorNotice error={act.error} />}
      <ProgressBar
        progress={job.progress}
        label={`Progress of ${job.name}`}
        unit={job.kind === "sweep" ? "trials" : "steps"}
        live={live}
      />
      <Facts job={job} />
    </header>
  );
}

/** What a job holds while it runs; `resources` of a sweep are those of one trial. */
function heldBy({ spec, resources }: Job) {
  const times = isSweepSpec(spec) ? Math.min(spec.max_concurrent_trials, spec.num_trials) : 1;
  return { cpus: resources.cpus * times, gpus: resources.gpus * times };
}

function Facts({ job }: { job: Job }) {
  const now = useNow();
  const end = job.ended_at ? Date.parse(job.ended_at) : now;
  const seconds = job.started_at ? (end - Date.parse(job.started_at)) / 1000 : null;
  const ap = job.metrics["val/AP"];
  const teacher = job.metrics["teacher/AP"];
  const { cpus, gpus } = heldBy(job);
  return (
    <dl className="facts">
      <Fact name="AP" value={formatAp(ap)} unit="%" />
      {job.kind === "job" && <Fact name="AP50" value={formatAp(job.metrics["val/AP50"])} unit="%" />}
      <Gain job={job} />
      {teacher !== undefined && <Fact name="Teacher AP" value={formatAp(teacher)} unit="%" />}
      {teacher !== undefined && ap !== undefined && (
        <Fact name="To teacher" value={formatAp(teacher - ap)} unit="AP" />
      )}
      <Fact name="Time" value={formatDuration(seconds)} />
      <Fact name="Holds" value={`${formatNumber(cpus)} CPU${gpus ? `, ${formatNumber(gpus)} GPU` : ""}`} />
      <Fact name="Attempt" value={job.attempt ? String(job.attempt) : "none yet"} />
      <div>
        <dt>Submitted</dt>
        <dd>
          <TimeAgo at={job.created_at} />
        </dd>
      </div>
      {job.tags.length > 0 && <Fact name="Tags" value={job.tags.join(", ")} />}
    </dl>
  );
}

/** What the best AP is over that of the same training without a teacher. */
function Gain({ job }: { job: Job }) {
  const { data: baseline } = useQuery(baselineQuery(job));
  if (!baseline || job.best_ap === null) return null;
  return (
    <div
      title={`Best AP against that of ${baseline.name} (${formatAp(baseline.best_ap)} AP), which has no teacher`}
    >
      <dt>Over its baseline</dt>
      <dd className="num">
        {formatGain(job.best_ap - baseline.best_ap)} <span className="faint">AP</span>
      </dd>
    </div>
  );
}

function Fact({ name, value, unit }: { name: string; value: string; unit?: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="num">
        {value}
        {unit && value !== "–" && <span className="faint"> {unit}</span>}
      </dd>
    </div>
  );
}
