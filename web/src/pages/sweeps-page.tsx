import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useCallback } from "react";
import { Choice } from "@/components/choice";
import { Command } from "@/components/command";
import { LoadMore } from "@/components/load-more";
import { EmptyState, ErrorNotice, Loading } from "@/components/notices";
import { TextFilter } from "@/components/text-filter";
import { type SweepFilter, sweepsQuery } from "@/features/sweeps/queries";
import { SweepsTable } from "@/features/sweeps/sweeps-table";
import { JOB_STATES } from "@/lib/states";
import "@/styles/records.css";

const route = getRouteApi("/sweeps");

export function SweepsPage() {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const query = useInfiniteQuery(sweepsQuery(filter));
  const change = useCallback(
    (next: SweepFilter) => void navigate({ search: (before) => ({ ...before, ...next }), replace: true }),
    [navigate],
  );
  const find = useCallback((text: string | undefined) => change({ text }), [change]);
  const sweeps = query.data?.pages.flatMap((page) => page.items);
  const filtered = [filter.state, filter.project, filter.text].some((value) => value !== undefined);
  return (
    <main className="page">
      <div className="page-title">
        <h1>Sweeps</h1>
        <div className="spacer" />
        <Link to="/new" search={{ preset: "digits/sweep" }} className="button primary">
          New sweep
        </Link>
      </div>
      <div className="filters" role="search" aria-label="Sweeps">
        <TextFilter label="Find by name, id or tag" value={filter.text} onChange={find} />
        <Choice
          aria-label="State"
          none="Any state"
          options={JOB_STATES}
          value={filter.state}
          onChange={(state) => change({ state })}
        />
        {filter.project && (
          <button type="button" className="button" onClick={() => change({ project: undefined })}>
            Project {filter.project} <span aria-hidden="true">✕</span>
          </button>
        )}
      </div>
      {query.isError && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Loading label="Reading the sweeps" height={200} />}
      {sweeps?.length === 0 && (filtered ? <NothingFound /> : <FirstSweep />)}
      {sweeps && sweeps.length > 0 && <SweepsTable sweeps={sweeps} />}
      <LoadMore query={query} />
    </main>
  );
}

function NothingFound() {
  return (
    <EmptyState title="No sweep matches">
      <Link to="/sweeps" search={{}} className="button">
        Show all sweeps
      </Link>
    </EmptyState>
  );
}

function FirstSweep() {
  return (
    <EmptyState title="Start your first sweep">
      <p>
        A sweep tries many settings of one training, such as loss weights and temperatures, beside a baseline
        without distillation, and says which to take and how sure that is. Start from a recipe, or from a
        terminal:
      </p>
      <Command text="stillhouse submit recipes/digits/sweep.yaml --watch" />
      <Link to="/new" search={{ preset: "digits/sweep" }} className="button primary">
        New sweep
      </Link>
    </EmptyState>
  );
}
