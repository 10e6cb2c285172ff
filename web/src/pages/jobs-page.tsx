import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { RowSelectionState } from "@tanstack/react-table";
import { useCallback, useMemo, useState } from "react";
import { ErrorNotice, Loading } from "@/components/notices";
import { BulkBar } from "@/features/jobs/bulk-bar";
import { ColumnPicker } from "@/features/jobs/column-picker";
import { SHOWN_AT_FIRST } from "@/features/jobs/columns";
import { FirstStep, NothingFound } from "@/features/jobs/empty";
import { JobsFilter } from "@/features/jobs/jobs-filter";
import { JobsTable } from "@/features/jobs/jobs-table";
import { countsQuery, type JobFilter, jobsQuery } from "@/features/jobs/queries";
import { StateFilter } from "@/features/jobs/state-filter";

const route = getRouteApi("/jobs");

/** All jobs and sweeps. What is shown and how is in the address, so that a view can be kept and shared. */
export function JobsPage() {
  const { sort = "-created", cols, ...filter } = route.useSearch();
  const navigate = route.useNavigate();
  const [selected, setSelected] = useState<RowSelectionState>({});
  const change = useCallback(
    (next: JobFilter) =>
      void navigate({ search: ({ sort, cols }) => ({ ...next, sort, cols }), replace: true }),
    [navigate],
  );
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } =
    useInfiniteQuery(jobsQuery(filter, sort));
  const counts = useQuery(countsQuery(filter));
  const jobs = useMemo(() => data?.pages.flatMap((page) => page.items), [data]);
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const filtered = Object.values<unknown>(filter).some((value) => value !== undefined);
  const columns = useMemo(() => cols?.split(",") ?? SHOWN_AT_FIRST, [cols]);
  return (
    <main className="page">
      <div className="page-title">
        <h1>Jobs</h1>
        <div className="spacer" />
        <ColumnPicker
          shown={columns}
          onChange={(next) =>
            void navigate({
              search: (before) => ({ ...before, cols: next === SHOWN_AT_FIRST ? undefined : next.join(",") }),
              replace: true,
            })
          }
        />
        <Link to="/new" className="button primary">
          New job
        </Link>
      </div>
      <JobsFilter filter={filter} onChange={change} />
      <StateFilter filter={filter} onChange={change} />
      <BulkBar selected={jobs?.filter(({ id }) => selected[id]) ?? []} onClear={() => setSelected({})} />
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {isPending && <Loading label="Reading the jobs" height={400} />}
      {jobs?.length === 0 && (filtered ? <NothingFound /> : <FirstStep />)}
      {jobs && jobs.length > 0 && (
        <JobsTable
          jobs={jobs}
          columns={columns}
          sort={sort}
          selected={selected}
          total={filter.state ? undefined : counts.data?.total}
          onSort={(next) => void navigate({ search: (before) => ({ ...before, sort: next }), replace: true })}
          onSelected={setSelected}
          onEnd={onEnd}
        />
      )}
    </main>
  );
}
