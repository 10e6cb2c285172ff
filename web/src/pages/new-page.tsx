import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { jobQuery } from "@/api/jobs";
import type { Job, Recipe } from "@/api/types";
import { Choice } from "@/components/choice";
import { ErrorNotice, Loading } from "@/components/notices";
import { recipesQuery } from "@/features/submit/queries";
import { BLANK, specText } from "@/features/submit/start";
import { SubmitEditor } from "@/features/submit/submit-editor";

const route = getRouteApi("/new");

export function NewPage() {
  const { preset, clone } = route.useSearch();
  const navigate = route.useNavigate();
  const recipes = useQuery(recipesQuery);
  const cloned = useQuery({ ...jobQuery(clone ?? ""), enabled: clone !== undefined, refetchInterval: false });
  const waits = clone !== undefined ? cloned.isPending : recipes.isPending;
  const error = clone !== undefined ? cloned.error : recipes.error;
  const open = (job: Job) =>
    void navigate({ to: job.kind === "sweep" ? "/sweeps/$id" : "/jobs/$id", params: { id: job.id } });
  return (
    <main className="page">
      <div className="page-title">
        <h1>{clone ? "Clone a job" : "New job"}</h1>
        <div className="spacer" />
        <PresetSelect
          recipes={recipes.data?.items ?? []}
          value={clone ? undefined : preset}
          onChange={(next) => void navigate({ search: { preset: next }, replace: true })}
        />
      </div>
      {error && <ErrorNotice error={error} />}
      {waits ? (
        <Loading label="Reading the recipes" height={400} />
      ) : (
        <SubmitEditor
          key={`${clone ?? ""} ${preset ?? ""}`}
          initial={startText(cloned.data, recipes.data?.items, preset)}
          onSubmitted={open}
        />
      )}
    </main>
  );
}

function startText(
  cloned: Job | undefined,
  recipes: Recipe[] | undefined,
  preset: string | undefined,
): string {
  if (cloned) return specText(cloned.spec, `${cloned.name} copy`);
  const recipe = recipes?.find(({ name }) => name === preset);
  return recipe ? specText(recipe.spec) : BLANK;
}

interface PresetProps {
  recipes: readonly Recipe[];
  value: string | undefined;
  onChange: (name: string | undefined) => void;
}

function PresetSelect({ recipes, value, onChange }: PresetProps) {
  return (
    <label className="inline-field">
      Start from
      <Choice
        none="a blank training"
        options={recipes.map(({ name, title }) => ({ value: name, label: title }))}
        value={value}
        onChange={onChange}
      />
    </label>
  );
}
