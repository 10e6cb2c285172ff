import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Card } from "@/components/card";
import { Descendants } from "@/components/descendants";
import { Findings } from "@/components/findings";
import { ErrorNotice, Loading } from "@/components/notices";
import { BoxSizesCard } from "@/features/datasets/box-sizes";
import { ClassBalanceCard } from "@/features/datasets/class-balance";
import { DatasetHeader } from "@/features/datasets/dataset-header";
import { DatasetPlaces } from "@/features/datasets/dataset-places";
import { DatasetVersions } from "@/features/datasets/dataset-versions";
import { type Dataset, datasetLineageQuery, datasetQuery } from "@/features/datasets/queries";
import { Samples } from "@/features/datasets/samples";
import "@/styles/records.css";
import "@/styles/datasets.css";

const route = getRouteApi("/datasets/$name");

export function DatasetPage() {
  const { name } = route.useParams();
  const view = route.useSearch();
  const navigate = route.useNavigate();
  const { data: dataset, error, refetch } = useQuery(datasetQuery(name, view.version));
  const show = (next: typeof view) => void navigate({ search: next, replace: true, resetScroll: false });
  return (
    <main className="page">
      {error && !dataset && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!error && !dataset && <Loading label="Reading the data set" height={160} />}
      {dataset && (
        <>
          <DatasetHeader
            dataset={dataset}
            onMade={() => show({})}
            onDeleted={() => void navigate({ to: "/datasets", search: {} })}
          />
          {dataset.report && (
            <>
              <Card title="What the check found">
                <Findings findings={dataset.report.findings} />
              </Card>
              <Samples dataset={dataset} view={view} onView={(next) => show({ ...view, ...next })} />
              <div className="grid-two">
                <ClassBalanceCard
                  report={dataset.report}
                  chosen={view.class}
                  onChoose={(chosen) => show({ ...view, class: chosen })}
                />
                <BoxSizesCard report={dataset.report} />
              </div>
            </>
          )}
          {!dataset.report && <Loading label="The check reads the images and boxes" height={220} />}
          <div className="grid-two">
            <DatasetVersions dataset={dataset} />
            <DatasetPlaces dataset={dataset} />
          </div>
          <LearnedFrom dataset={dataset} />
        </>
      )}
    </main>
  );
}

function LearnedFrom({ dataset }: { dataset: Dataset }) {
  const { data, error, refetch } = useQuery(datasetLineageQuery(dataset.name, dataset.version));
  return (
    <Card title="Jobs that learned from it">
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {data?.descendants.length === 0 && <p className="hint">No job has named this version yet.</p>}
      {data && data.descendants.length > 0 && <Descendants items={data.descendants} />}
    </Card>
  );
}
