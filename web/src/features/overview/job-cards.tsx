import { Link } from "@tanstack/react-router";
import type { JobSummary } from "@/api/types";
import { Card } from "@/components/card";
import { ProgressBar } from "@/components/progress-bar";
import { StateBadge } from "@/components/state-badge";
import { TimeAgo } from "@/components/time-ago";
import { formatAp } from "@/lib/format";
import { isFinal } from "@/lib/states";

const WAITING = new Set(["queued", "paused"]);
const SHOWN = 8;

/** What runs, what waits and why, and what has ended last. */
export function JobCards({ jobs }: { jobs: readonly JobSummary[] }) {
  const running = jobs.filter(({ state }) => !isFinal(state) && !WAITING.has(state));
  const waiting = jobs.filter(({ state }) => WAITING.has(state));
  const ended = jobs
    .filter(({ state }) => isFinal(state))
    .sort((a, b) => (b.ended_at ?? "").localeCompare(a.ended_at ?? ""));
  return (
    <div className="overview">
      <Card title="Running">
        {running.length === 0 && <p className="hint">Nothing runs now.</p>}
        <ul className="job-list">
          {running.map((job) => (
            <li key={job.id}>
              <Title job={job} />
              <ProgressBar
                progress={job.progress}
                label={`Progress of ${job.name}`}
                unit={job.kind === "sweep" ? "trials" : "steps"}
                live
              />
            </li>
          ))}
        </ul>
      </Card>
      <Card title="Waiting">
        {waiting.length === 0 && <p className="hint">Nothing waits.</p>}
        <ol className="job-list">
          {waiting.map((job) => (
            <li key={job.id}>
              <Title job={job} />
              <span className="sub">{job.reason || "waits for its turn"}</span>
            </li>
          ))}
        </ol>
      </Card>
      <Card title="Ended last" className="wide">
        {ended.length === 0 && <p className="hint">Nothing has ended yet.</p>}
        <ul className="job-list">
          {ended.slice(0, SHOWN).map((job) => (
            <li key={job.id}>
              <Title job={job} />
              {job.state === "failed" && <span className="sub">{job.reason}</span>}
            </li>
          ))}
        </ul>
      </Card>
    </div>
  );
}

function Title({ job }: { job: JobSummary }) {
  return (
    <div className="job-line">
      <Link to={job.kind === "sweep" ? "/sweeps/$id" : "/jobs/$id"} params={{ id: job.id }}>
        {job.name}
      </Link>
      <span className="sub">{job.project}</span>
      <div className="spacer" />
      {job.best_ap !== null && (
        <span className="num strong">
          {formatAp(job.best_ap)} <span className="faint">AP</span>
        </span>
      )}
      <StateBadge state={job.state} />
      <span className="num faint">
        <TimeAgo at={job.ended_at ?? job.started_at ?? job.created_at} />
      </span>
    </div>
  );
}
