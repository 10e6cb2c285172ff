import { Link } from "@tanstack/react-router";
import type { JobSummary } from "@/api/types";
import { ProgressBar } from "@/components/progress-bar";
import { StateBadge } from "@/components/state-badge";
import { TimeAgo } from "@/components/time-ago";
import { formatAp, formatDuration } from "@/lib/format";
import { isFinal } from "@/lib/states";
import { ScrollRegion } from "@/components/scroll-region";

/** One row a sweep, with how far its search is and the best that it found. */
export function SweepsTable({ sweeps }: { sweeps: readonly JobSummary[] }) {
  return (
    <ScrollRegion className="table-wrap" label="Sweeps">
      <table className="table stacked" aria-label="Sweeps">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">State</th>
            <th scope="col">Trials</th>
            <th scope="col" className="right">
              Best AP
            </th>
            <th scope="col">Teacher</th>
            <th scope="col">Student</th>
            <th scope="col" className="right">
              Time
            </th>
            <th scope="col" className="right">
              Submitted
            </th>
          </tr>
        </thead>
        <tbody>
          {sweeps.map((sweep) => (
            <tr key={sweep.id}>
              <th scope="row" className="cell-name">
                <Link to="/sweeps/$id" params={{ id: sweep.id }}>
                  {sweep.name}
                </Link>
                <span className="sub">
                  {sweep.project}
                  {sweep.tags.length > 0 && `, ${sweep.tags.join(", ")}`}
                </span>
              </th>
              <td className="cell-state" data-label="State">
                <StateBadge state={sweep.state} />
                {sweep.reason && (
                  <span className="sub reason" title={sweep.reason}>
                    {sweep.reason}
                  </span>
                )}
              </td>
              <td className="cell-progress" data-label="Trials">
                <ProgressBar
                  progress={sweep.progress}
                  label={`Progress of ${sweep.name}`}
                  unit="trials"
                  live={!isFinal(sweep.state)}
                />
              </td>
              <td className="right num strong" data-label="Best AP">
                {formatAp(sweep.best_ap)}
              </td>
              <td data-label="Teacher">{sweep.teacher ?? <span className="faint">none</span>}</td>
              <td data-label="Student">{sweep.student}</td>
              <td className="right num" data-label="Time">
                {formatDuration(spent(sweep))}
              </td>
              <td className="right" data-label="Submitted">
                <TimeAgo at={sweep.created_at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function spent({ started_at, ended_at, updated_at }: JobSummary): number | null {
  if (started_at === null) return null;
  return (Date.parse(ended_at ?? updated_at) - Date.parse(started_at)) / 1000;
}
