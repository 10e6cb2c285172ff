import type { Answers, SweepSpec, Trial } from "@/api/types";
import { Card } from "@/components/card";
import { formatAp, formatNumber, formatValue, shortPath } from "@/lib/format";
import { valuesOver } from "./exploits";
import { objectiveOf } from "./trials";

const OUTCOMES = {
  better: { label: "gain", tone: "good" },
  worse: { label: "loss", tone: "bad" },
  unclear: { label: "inside the noise", tone: "warn" },
  no_baseline: { label: "no baseline", tone: "warn" },
  too_early: { label: "too early", tone: "warn" },
} as const;

type Arm = NonNullable<Answers["verdict"]["winner"]>;

/** The answer of the sweep in words, with the numbers it rests on. */
export function VerdictCard({
  spec,
  answers,
  trials,
}: {
  spec: SweepSpec;
  answers: Answers;
  trials: readonly Trial[];
}) {
  const { verdict } = answers;
  const { name } = objectiveOf(spec);
  const outcome = OUTCOMES[verdict.outcome];
  const winner = trials.find((trial) => trial.number === verdict.winner?.trial);
  return (
    <Card
      title="Verdict"
      actions={
        winner?.mlflow_url && (
          <a className="button small" href={winner.mlflow_url}>
            Run of trial {winner.number}
          </a>
        )
      }
    >
      {verdict.winner && (
        <p className="headline num">
          {formatAp(verdict.winner.mean)} <span className="faint">{name}</span>
        </p>
      )}
      <p className="verdict">
        <span className={`verdict-mark ${outcome.tone}`}>{outcome.label}</span> {verdict.text}
      </p>
      <dl className="pairs">
        {verdict.winner &&
          Object.entries(verdict.winner.parameters).map(([path, value]) => (
            <Pair
              key={path}
              title={path}
              name={shortPath(path)}
              value={valuesOver(verdict.winner?.schedule ?? [], path) ?? formatValue(value)}
            />
          ))}
        {verdict.baseline && <Pair name="Baseline without distillation" value={armWords(verdict.baseline)} />}
        {verdict.teacher != null && <Pair name="Teacher" value={formatAp(verdict.teacher)} />}
        {verdict.gap_closed != null && (
          <Pair name="Gap to the teacher closed" value={gapWords(verdict.gap_closed)} />
        )}
        <Pair name="Spent" value={`${formatNumber(answers.cost.hours)} ${answers.cost.of} hours`} />
        <Pair
          name="Saved by early stopping"
          value={`${Math.round(answers.cost.saved * 100)} % of the steps`}
        />
      </dl>
    </Card>
  );
}

function Pair({ name, value, title }: { name: string; value: string; title?: string }) {
  return (
    <div>
      <dt title={title}>{name}</dt>
      <dd className="num">{value}</dd>
    </div>
  );
}

/** A share below zero tells nothing but that the winner is behind the baseline. */
function gapWords(share: number): string {
  return share < 0 ? "none, it is below the baseline" : `${Math.round(share * 100)} %`;
}

function armWords(arm: Arm): string {
  const spread = arm.spread == null ? "" : ` ± ${formatAp(arm.spread)}`;
  return `${formatAp(arm.mean)}${spread} (${arm.seeds.length} ${arm.seeds.length === 1 ? "seed" : "seeds"})`;
}
