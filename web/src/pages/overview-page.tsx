import { useInfiniteQuery } from "@tanstack/react-query";
import { ErrorNotice, Loading } from "@/components/notices";
import { ClusterStrip } from "@/features/cluster/cluster-strip";
import { JobsTable } from "@/features/jobs/jobs-table";
import { jobsQuery } from "@/features/jobs/queries";

export function OverviewPage() {
  const { data, error, refetch } = useInfiniteQuery(jobsQuery({}));
  const jobs = data?.pages.flatMap((page) => page.items);
  return (
    <main className="page">
      <h1>Overview</h1>
      <ClusterStrip />
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!jobs && !error && <Loading label="Reading the jobs" height={240} />}
      {jobs && jobs.length > 0 && <JobsTable jobs={jobs} />}
    </main>
  );
}
