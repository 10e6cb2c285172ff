import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { Command } from "@/components/command";
import { LoadMore } from "@/components/load-more";
import { EmptyState, ErrorNotice, Loading } from "@/components/notices";
import { TextFilter } from "@/components/text-filter";
import { DatasetsTable } from "@/features/datasets/datasets-table";
import { datasetsQuery } from "@/features/datasets/queries";
import { RegisterDataset } from "@/features/datasets/register-form";
import "@/styles/records.css";
import "@/styles/datasets.css";

const EXAMPLE = `stillhouse datasets register harbour \\
  --train harbour/train:harbour/train.json \\
  --val harbour/val:harbour/val.json`;
const route = getRouteApi("/datasets");

export function DatasetsPage() {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const query = useInfiniteQuery(datasetsQuery(filter));
  const [asking, setAsking] = useState(false);
  const datasets = query.data?.pages.flatMap((page) => page.items);
  const filtered = filter.project !== undefined || filter.text !== undefined;
  const find = useCallback(
    (text: string | undefined) => void navigate({ search: (before) => ({ ...before, text }), replace: true }),
    [navigate],
  );
  const register = (
    <button type="button" className="button primary" onClick={() => setAsking(true)}>
      Register a data set
    </button>
  );
  return (
    <main className="page">
      <div className="page-title">
        <h1>Data sets</h1>
        <div className="spacer" />
        {register}
      </div>
      <div className="filters" role="search" aria-label="Data sets">
        <TextFilter label="Find by name" value={filter.text} onChange={find} />
        {filter.project && (
          <button
            type="button"
            className="button"
            onClick={() => void navigate({ search: { ...filter, project: undefined }, replace: true })}
          >
            Project {filter.project} <span aria-hidden="true">✕</span>
          </button>
        )}
      </div>
      {query.isError && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Loading label="Reading the data sets" height={200} />}
      {datasets?.length === 0 &&
        (filtered ? (
          <EmptyState title="No data set matches">
            <button type="button" className="button" onClick={() => void navigate({ search: {} })}>
              Show all data sets
            </button>
          </EmptyState>
        ) : (
          <EmptyState title="Register your first data set">
            <p>
              Point Stillhouse at images and boxes in COCO or PASCAL VOC layout. They are checked at once,
              stay where they are, and jobs name them from then on. From a terminal:
            </p>
            <Command text={EXAMPLE} />
            {register}
          </EmptyState>
        ))}
      {datasets && datasets.length > 0 && <DatasetsTable datasets={datasets} />}
      <LoadMore query={query} />
      {asking && (
        <RegisterDataset
          onClose={() => setAsking(false)}
          onMade={({ name }) => void navigate({ to: "/datasets/$name", params: { name }, search: {} })}
        />
      )}
    </main>
  );
}
