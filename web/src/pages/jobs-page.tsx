import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useCallback } from "react";
import { EmptyState, ErrorNotice, Loading } from "@/components/notices";
import { ClusterStrip } from "@/features/cluster/cluster-strip";
import { JobsFilter } from "@/features/jobs/jobs-filter";
import { JobsTable } from "@/features/jobs/jobs-table";
import { type JobFilter, jobsQuery } from "@/features/jobs/queries";

const route = getRouteApi("/jobs");

export function JobsPage() {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const change = useCallback((next: JobFilter) => void navigate({ search: next, replace: true }), [navigate]);
  const query = useInfiniteQuery(jobsQuery(filter));
  const jobs = query.data?.pages.flatMap((page) => page.items);
  const filtered = Object.values<unknown>(filter).some((value) => value !== undefined);
  return (
    <main className="page">
      <div className="page-title">
        <h1>Jobs</h1>
        <Link to="/new" className="button primary">
          New job
        </Link>
      </div>
      <ClusterStrip />
      <JobsFilter filter={filter} onChange={change} />
      {query.isError && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Loading label="Reading the jobs" height={240} />}
      {jobs?.length === 0 && (filtered ? <NothingFound /> : <FirstStep />)}
      {jobs && jobs.length > 0 && <JobsTable jobs={jobs} />}
      {query.hasNextPage && (
        <button
          type="button"
          className="button load-more"
          disabled={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          Load more
        </button>
      )}
    </main>
  );
}

function NothingFound() {
  return (
    <EmptyState title="No job matches">
      <p>Change the filter, or</p>
      <Link to="/jobs" className="button">
        show all jobs
      </Link>
    </EmptyState>
  );
}

function FirstStep() {
  return (
    <EmptyState title="Send your first job">
      <p>
        A job trains one small detector, with a teacher or without. Start from a recipe in the browser, or
        send one from a terminal:
      </p>
      <pre className="code">stillhouse submit recipes/digits/baseline.yaml</pre>
      <Link to="/new" className="button primary">
        New job
      </Link>
    </EmptyState>
  );
}
