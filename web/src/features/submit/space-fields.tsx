import { Choice } from "@/components/choice";
import { shortPath } from "@/lib/format";
import { numericPaths, valueAt } from "@/lib/spec-schema";
import { useEditor } from "./editor";
import { Hint, SpecField } from "./spec-field";
import { VariantFields } from "./variant-fields";

const KINDS = {
  uniform: { kind: "uniform", low: 0.01, high: 10, log: true },
  integer: { kind: "integer", low: 1, high: 4 },
  choice: { kind: "choice", values: [1] },
};

const SEARCH_LABELS = { num_startup_trials: "Random trials before", points: "Points of each range" };
const SCHEDULER_LABELS = {
  grace_steps: "Steps before the first stop",
  reduction_factor: "One goes on out of",
};

/** The search of a sweep: its dimensions, its objective and how many trials it may take. */
export function SpaceFields() {
  const { spec, errors, set } = useEditor();
  const space = (valueAt(spec, ["space"]) ?? {}) as Record<string, unknown>;
  const taken = Object.keys(space);
  const free = numericPaths(valueAt(spec, ["training"])).filter((path) => !taken.includes(path));
  return (
    <fieldset className="group">
      <legend>Search</legend>
      {taken.map((path) => (
        <DimensionFields key={path} path={path} />
      ))}
      <div className="field">
        <label htmlFor="add-dimension">Add a dimension</label>
        <Choice
          id="add-dimension"
          none="Choose a field of the training"
          options={free}
          value={undefined}
          onChange={(path) => path && set(["space", path], KINDS.uniform)}
        />
        <Hint id="add-dimension" text="" error={errors.find((each) => each.field === "space")} />
      </div>
      <div className="fields">
        <SpecField path={["num_trials"]} label="Trials" />
        <SpecField path={["max_concurrent_trials"]} label="Trials at once" />
        <SpecField path={["objective", "metric"]} label="Objective" />
        <SpecField path={["objective", "direction"]} label="Direction" />
        <SpecField path={["seed"]} label="Seed of the search" />
      </div>
      <div className="fields apart">
        <VariantFields path={["search"]} label="Kind of search" labels={SEARCH_LABELS} />
      </div>
      <div className="fields apart">
        <VariantFields path={["scheduler"]} label="Early stopping" labels={SCHEDULER_LABELS} />
      </div>
      <div className="fields apart">
        <SpecField path={["controls", "baseline"]} label="Train a baseline without distillation" />
        <SpecField path={["controls", "num_finalists"]} label="Finalists" />
        <SpecField path={["controls", "num_seeds"]} label="Seeds of baseline and finalists" />
      </div>
      <div className="fields apart">
        <SpecField path={["budget", "wall_s"]} label="Ends after" unit="s" />
        <SpecField path={["budget", "gpu_hours"]} label="Ends after" unit="GPU hours" />
        <SpecField path={["budget", "patience_trials"]} label="Ends without progress in" unit="trials" />
      </div>
    </fieldset>
  );
}

function DimensionFields({ path }: { path: string }) {
  const { spec, errors, set } = useEditor();
  const at = ["space", path];
  const kind = valueAt(spec, [...at, "kind"]);
  const error = errors.find((each) => each.field === at.join("."));
  return (
    <div className="dimension" role="group" aria-label={`Dimension ${path}`}>
      <div className="dimension-head">
        <strong title={path}>{shortPath(path)}</strong>
        <Choice
          small
          aria-label="Kind of dimension"
          options={Object.keys(KINDS)}
          value={typeof kind === "string" ? kind : "uniform"}
          onChange={(next) => set(at, KINDS[next as keyof typeof KINDS])}
        />
        <button
          type="button"
          className="button small"
          aria-label={`Remove ${path}`}
          onClick={() => set(at, undefined)}
        >
          Remove
        </button>
      </div>
      <div className="fields">
        {kind === "choice" ? (
          <SpecField path={[...at, "values"]} label="Values" />
        ) : (
          <>
            <SpecField path={[...at, "low"]} label="Low" />
            <SpecField path={[...at, "high"]} label="High" />
            {kind === "uniform" && <SpecField path={[...at, "log"]} label="Logarithmic" />}
          </>
        )}
      </div>
      <Hint id={path} text="" error={error} />
    </div>
  );
}
