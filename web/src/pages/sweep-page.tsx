import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { jobQuery } from "@/api/jobs";
import { isSweepSpec } from "@/api/types";
import { ErrorNotice, Loading } from "@/components/notices";
import { WhenIdle } from "@/components/when-idle";
import { JobAttempts } from "@/features/job/job-attempts";
import { JobEvents } from "@/features/job/job-events";
import { JobHeader } from "@/features/job/job-header";
import { JobLog } from "@/features/job/job-log";
import { JobSpecView } from "@/features/job/job-spec";
import { SweepResults } from "@/features/sweep/sweep-results";
import "@/styles/records.css";
import "@/styles/sweep.css";

const BELOW_PX = 800;
const route = getRouteApi("/sweeps/$id");

export function SweepPage() {
  const { id } = route.useParams();
  const view = route.useSearch();
  const navigate = route.useNavigate();
  const { data: sweep, error, refetch } = useQuery(jobQuery(id));
  return (
    <main className="page">
      {error && !sweep && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!error && !sweep && <Loading label="Reading the sweep" height={160} />}
      {sweep && (
        <>
          <JobHeader job={sweep} />
          {isSweepSpec(sweep.spec) && (
            <SweepResults
              sweep={sweep}
              spec={sweep.spec}
              view={view}
              onView={(next) => void navigate({ search: next, replace: true, resetScroll: false })}
              onJob={(made) => void navigate({ to: "/jobs/$id", params: { id: made }, search: {} })}
              onSweep={(made) => void navigate({ to: "/sweeps/$id", params: { id: made }, search: {} })}
            />
          )}
          <WhenIdle height={BELOW_PX}>
            <JobLog job={sweep} />
            <div className="grid-two">
              <div className="stack">
                <JobEvents job={sweep} />
                <JobAttempts job={sweep} />
              </div>
              <JobSpecView job={sweep} />
            </div>
          </WhenIdle>
        </>
      )}
    </main>
  );
}
