import type { Job } from "@/api/types";
import { Card } from "@/components/card";
import { TimeAgo } from "@/components/time-ago";

/** The tries of a job on the cluster; nothing before there is one. */
export function JobAttempts({ job }: { job: Job }) {
  if (job.attempts.length === 0) return null;
  return (
    <Card title="Attempts">
      <ul className="attempts">
        {job.attempts.map((attempt) => (
          <li key={attempt.number}>
            <span className="num strong">{attempt.number}</span>
            <span className={`attempt-state ${attempt.state}`}>{attempt.state}</span>
            <span className="timeline-what">
              {attempt.reason || attempt.submission_id}
              {attempt.reason && <span className="sub">{attempt.submission_id}</span>}
            </span>
            {attempt.submitted_at && (
              <span className="num faint">
                <TimeAgo at={attempt.submitted_at} />
              </span>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}
