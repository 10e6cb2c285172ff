import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { jobQuery } from "@/api/jobs";
import { ErrorNotice, Loading } from "@/components/notices";
import { JobHeader } from "@/features/job/job-header";
import { JobTabs } from "@/features/job/job-tabs";

const route = getRouteApi("/jobs/$id");

export function JobPage() {
  const { id } = route.useParams();
  const view = route.useSearch();
  const navigate = route.useNavigate();
  const { data: job, error, refetch } = useQuery(jobQuery(id));
  return (
    <main className="page">
      {error && !job && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!error && !job && <Loading label="Reading the job" height={160} />}
      {job && (
        <>
          <JobHeader job={job} />
          <JobTabs
            job={job}
            view={view}
            onView={(next) => void navigate({ search: next, replace: true, resetScroll: false })}
          />
        </>
      )}
    </main>
  );
}
