import { useQueries, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { jobQuery } from "@/api/jobs";
import { Choice } from "@/components/choice";
import { EmptyState, ErrorNotice, Loading } from "@/components/notices";
import { Comparison } from "@/features/compare/comparison";
import { curvesQuery, newestQuery } from "@/features/compare/queries";

const route = getRouteApi("/compare");

/** Jobs beside each other; which ones is in the address. */
export function ComparePage() {
  const { jobs: ids = [], metric } = route.useSearch();
  const navigate = route.useNavigate();
  const newest = useQuery(newestQuery);
  const others = newest.data?.items.filter(({ id }) => !ids.includes(id)) ?? [];
  const asked = useQueries({ queries: ids.map((id) => jobQuery(id)) });
  const found = asked.flatMap(({ data }) => (data ? [data] : []));
  const curves = useQueries({ queries: found.map((job) => curvesQuery(job)) });
  const error = [...asked, ...curves].find((query) => query.error)?.error;
  const show = (next: string[]) =>
    void navigate({
      search: (before) => ({ ...before, jobs: next.length > 0 ? next : undefined }),
      replace: true,
    });
  return (
    <main className="page">
      <div className="page-title">
        <h1>Compare</h1>
        <div className="spacer" />
        <label className="inline-field">
          Add
          <Choice
            none="choose a job"
            options={others.map(({ id, name, project }) => ({
              value: id,
              label: `${name} (${project}, ${id})`,
            }))}
            value={undefined}
            onChange={(id) => id && show([...ids, id])}
          />
        </label>
      </div>
      {error && <ErrorNotice error={error} />}
      {ids.length === 0 && (
        <EmptyState title="Nothing is chosen to compare">
          <p>Choose jobs above, or tick them in the table of jobs and press “Compare”.</p>
          <Link to="/jobs" className="button">
            To the jobs
          </Link>
        </EmptyState>
      )}
      {ids.length > 0 && found.length === 0 && !error && <Loading label="Reading the jobs" height={300} />}
      {found.length > 0 && (
        <Comparison
          jobs={found.map((job, index) => ({ job, series: curves[index]?.data?.series ?? [] }))}
          metric={metric}
          onMetric={(next) =>
            void navigate({ search: (before) => ({ ...before, metric: next }), replace: true })
          }
          onRemove={(id) => show(ids.filter((each) => each !== id))}
        />
      )}
    </main>
  );
}
