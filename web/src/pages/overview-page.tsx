import { useInfiniteQuery } from "@tanstack/react-query";
import { ErrorNotice, Loading } from "@/components/notices";
import { ClusterStrip } from "@/features/cluster/cluster-strip";
import { FirstStep } from "@/features/jobs/empty";
import { JobCards } from "@/features/overview/job-cards";
import { jobsQuery } from "@/features/jobs/queries";

export function OverviewPage() {
  const { data, error, refetch } = useInfiniteQuery(jobsQuery({}, "state", 50));
  const jobs = data?.pages.flatMap((page) => page.items);
  return (
    <main className="page">
      <h1>Overview</h1>
      <ClusterStrip />
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!jobs && !error && <Loading label="Reading the jobs" height={240} />}
      {jobs?.length === 0 && <FirstStep />}
      {jobs && jobs.length > 0 && <JobCards jobs={jobs} />}
    </main>
  );
}
