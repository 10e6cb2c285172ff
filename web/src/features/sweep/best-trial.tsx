import type { SweepSpec, Trial } from "@/api/types";
import { Card } from "@/components/card";
import { formatAp, formatValue, shortPath } from "@/lib/format";
import { bestTrial, objectiveOf } from "./trials";

/** The answer of the sweep so far: the best trial and its parameters. */
export function BestTrial({ spec, trials }: { spec: SweepSpec; trials: readonly Trial[] }) {
  const { name, sign } = objectiveOf(spec);
  const best = bestTrial(trials, sign);
  if (!best) {
    return (
      <Card title="Best trial">
        <p className="hint">No trial has an objective yet.</p>
      </Card>
    );
  }
  return (
    <Card
      title="Best trial"
      actions={
        best.mlflow_url && (
          <a className="button small" href={best.mlflow_url}>
            Run
          </a>
        )
      }
    >
      <p className="headline num">
        {formatAp(best.objective)} <span className="faint">{name}</span>
      </p>
      <p className="sub">
        Trial {best.number} of {trials.length}
      </p>
      <dl className="pairs">
        {Object.entries(best.parameters).map(([path, value]) => (
          <div key={path}>
            <dt title={path}>{shortPath(path)}</dt>
            <dd className="num">{formatValue(value)}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
