import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { jobQuery } from "@/api/jobs";
import { ErrorNotice, Loading } from "@/components/notices";
import { JobAttempts } from "@/features/job/job-attempts";
import { JobCurves } from "@/features/job/job-curves";
import { JobEvents } from "@/features/job/job-events";
import { JobHeader } from "@/features/job/job-header";
import { JobLog } from "@/features/job/job-log";
import { JobSpecView } from "@/features/job/job-spec";

const route = getRouteApi("/jobs/$id");

export function JobPage() {
  const { id } = route.useParams();
  const settings = route.useSearch();
  const navigate = route.useNavigate();
  const { data: job, error, refetch } = useQuery(jobQuery(id));
  return (
    <main className="page">
      {error && !job && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!error && !job && <Loading label="Reading the job" height={160} />}
      {job && (
        <>
          <JobHeader job={job} />
          <JobCurves
            job={job}
            settings={settings}
            onSettings={(next) => void navigate({ search: next, replace: true })}
          />
          <JobLog job={job} />
          <div className="grid-two">
            <div className="stack">
              <JobEvents job={job} />
              <JobAttempts job={job} />
            </div>
            <JobSpecView job={job} />
          </div>
        </>
      )}
    </main>
  );
}
