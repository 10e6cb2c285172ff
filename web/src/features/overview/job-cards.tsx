import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { baselineQuery } from "@/api/baselines";
import type { JobState, JobSummary } from "@/api/types";
import { Card } from "@/components/card";
import { ProgressBar } from "@/components/progress-bar";
import { StateBadge } from "@/components/state-badge";
import { TimeAgo } from "@/components/time-ago";
import { formatAp, formatGain } from "@/lib/format";

type Part = "running" | "waiting" | "ended";

interface Props {
  jobs: readonly JobSummary[];
  /** Trained jobs, the highest AP first. */
  best: readonly JobSummary[];
  states: Record<Part, JobState[]>;
  /** How many jobs there are in each state, where not all of them are shown. */
  counts: Partial<Record<JobState, number>>;
}

/** What runs, what waits and why, what has ended last, and what is best. */
export function JobCards({ jobs, best, states, counts }: Props) {
  const of = (part: Part) => jobs.filter(({ state }) => states[part].includes(state));
  const [running, waiting] = [of("running"), of("waiting")];
  const ended = of("ended").sort((a, b) => (b.ended_at ?? "").localeCompare(a.ended_at ?? ""));
  const more = (part: Part, shown: number) => {
    const all = states[part].reduce((sum, state) => sum + (counts[state] ?? 0), 0);
    return all > shown ? <More states={states[part]} count={all} /> : null;
  };
  return (
    <div className="overview">
      <Card title="Running" actions={more("running", running.length)}>
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
      <Card title="Waiting" actions={more("waiting", waiting.length)}>
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
      <Card title="Ended last" actions={more("ended", ended.length)}>
        {ended.length === 0 && <p className="hint">Nothing has ended yet.</p>}
        <ul className="job-list">
          {ended.map((job) => (
            <li key={job.id}>
              <Title job={job} />
              {job.state === "failed" && <span className="sub">{job.reason}</span>}
            </li>
          ))}
        </ul>
      </Card>
      <Card
        title="Best students"
        actions={
          best.length > 0 && (
            <Link to="/jobs" search={{ sort: "-ap", kind: "job" }}>
              All by AP
            </Link>
          )
        }
      >
        {best.length === 0 && <p className="hint">No training has ended with an AP yet.</p>}
        <ol className="job-list">
          {best.map((job) => (
            <li key={job.id}>
              <Title job={job} middle={<Gain job={job} />} />
            </li>
          ))}
        </ol>
      </Card>
    </div>
  );
}

/** What a job has gained over the same training without a teacher. */
function Gain({ job }: { job: JobSummary }) {
  const { data: baseline } = useQuery(baselineQuery(job));
  if (job.teacher === null) return <span className="faint">no teacher</span>;
  if (!baseline || job.best_ap === null) return null;
  const gain = job.best_ap - baseline.best_ap;
  return (
    <span
      className={`gain num ${gain > 0 ? "good" : "bad"}`}
      title={`Over ${baseline.name}, which has no teacher`}
    >
      {formatGain(gain)}
    </span>
  );
}

function More({ states, count }: { states: JobState[]; count: number }) {
  return (
    <Link to="/jobs" search={{ state: states }}>
      All {count.toLocaleString("en-US")}
    </Link>
  );
}

function Title({ job, middle }: { job: JobSummary; middle?: ReactNode }) {
  return (
    <div className="job-line">
      <span className="job-line-name">
        <Link to={job.kind === "sweep" ? "/sweeps/$id" : "/jobs/$id"} params={{ id: job.id }}>
          {job.name}
        </Link>
        <span className="sub">{job.project}</span>
      </span>
      <span className="num strong job-line-ap">
        {job.best_ap !== null && (
          <>
            {formatAp(job.best_ap)} <span className="faint">AP</span>
          </>
        )}
      </span>
      <span>{middle ?? <StateBadge state={job.state} />}</span>
      <span className="num faint job-line-age">
        <TimeAgo at={job.ended_at ?? job.started_at ?? job.created_at} />
      </span>
    </div>
  );
}
