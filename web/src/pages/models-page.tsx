import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { Command } from "@/components/command";
import { LoadMore } from "@/components/load-more";
import { EmptyState, ErrorNotice, Loading } from "@/components/notices";
import { TextFilter } from "@/components/text-filter";
import { ModelsTable } from "@/features/models/models-table";
import { modelsQuery } from "@/features/models/queries";
import { RegisterModel } from "@/features/models/register-model";
import "@/styles/records.css";
import "@/styles/models.css";

const route = getRouteApi("/models");

export function ModelsPage() {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const query = useInfiniteQuery(modelsQuery(filter));
  const [asking, setAsking] = useState(false);
  const models = query.data?.pages.flatMap((page) => page.items);
  const filtered = filter.project !== undefined || filter.text !== undefined;
  const find = useCallback(
    (text: string | undefined) => void navigate({ search: (before) => ({ ...before, text }), replace: true }),
    [navigate],
  );
  const register = (
    <button type="button" className="button primary" onClick={() => setAsking(true)}>
      Register a model
    </button>
  );
  return (
    <main className="page">
      <div className="page-title">
        <h1>Models</h1>
        <div className="spacer" />
        {register}
      </div>
      <div className="filters" role="search" aria-label="Models">
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
      {query.isPending && <Loading label="Reading the models" height={200} />}
      {models?.length === 0 &&
        (filtered ? (
          <EmptyState title="No model matches">
            <button type="button" className="button" onClick={() => void navigate({ search: {} })}>
              Show all models
            </button>
          </EmptyState>
        ) : (
          <EmptyState title="Register your first teacher">
            <p>
              A teacher is a strong detector that students learn from. Register its weights file, and it is
              loaded and checked at once. Students appear here by themselves when their jobs succeed. From a
              terminal:
            </p>
            <Command text="stillhouse models register teacher --upload teacher.safetensors" />
            {register}
          </EmptyState>
        ))}
      {models && models.length > 0 && <ModelsTable models={models} />}
      <LoadMore query={query} />
      {asking && (
        <RegisterModel
          onClose={() => setAsking(false)}
          onMade={({ name }) => void navigate({ to: "/models/$name", params: { name }, search: {} })}
        />
      )}
    </main>
  );
}
