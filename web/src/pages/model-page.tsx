import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { ErrorNotice, Loading } from "@/components/notices";
import { AliasesCard } from "@/features/models/aliases-card";
import { CheckCard } from "@/features/models/check-card";
import { LineageCard } from "@/features/models/lineage-card";
import { ModelEvents } from "@/features/models/model-events";
import { ModelHeader } from "@/features/models/model-header";
import { ModelVersions } from "@/features/models/model-versions";
import { modelQuery } from "@/features/models/queries";
import "@/styles/records.css";
import "@/styles/models.css";

const route = getRouteApi("/models/$name");

export function ModelPage() {
  const { name } = route.useParams();
  const { version } = route.useSearch();
  const navigate = route.useNavigate();
  const { data: model, error, refetch } = useQuery(modelQuery(name, version));
  return (
    <main className="page">
      {error && !model && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!error && !model && <Loading label="Reading the model" height={160} />}
      {model && (
        <>
          <ModelHeader
            model={model}
            onMade={() => void navigate({ search: {}, replace: true })}
            onDeleted={() => void navigate({ to: "/models", search: {} })}
          />
          <LineageCard name={name} version={model.version.version} />
          <div className="grid-two">
            <AliasesCard model={model} />
            <CheckCard model={model} />
          </div>
          <ModelVersions model={model} />
          <ModelEvents name={name} />
        </>
      )}
    </main>
  );
}
