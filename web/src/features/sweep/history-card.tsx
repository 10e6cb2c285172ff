import { useMemo } from "react";
import type { SweepSpec, Trial } from "@/api/types";
import { LineChart } from "@/charts/line-chart";
import { Card } from "@/components/card";
import { WhenIdle } from "@/components/when-idle";
import { formatAp } from "@/lib/format";
import { bestSoFar, objectiveOf } from "./trials";

const CHART_PX = 200;
const LEGEND_PX = 26;

/** How the best value grew from trial to trial. */
export function HistoryCard({ spec, trials }: { spec: SweepSpec; trials: readonly Trial[] }) {
  const { name, sign } = objectiveOf(spec);
  const curves = useMemo(
    () => [
      {
        key: "best",
        name: "best so far",
        points: bestSoFar(trials, sign),
        color: 0,
        style: "steps" as const,
      },
      {
        key: "trial",
        name: "trial",
        points: trials.map((trial) => ({ step: trial.number, value: trial.objective })),
        color: 1,
        style: "points" as const,
      },
    ],
    [trials, sign],
  );
  return (
    <Card title={`${name} over trials`}>
      <WhenIdle height={CHART_PX + LEGEND_PX}>
        <LineChart
          label={`${name} over trials`}
          curves={curves}
          xLabel="trial"
          digits={formatAp}
          height={CHART_PX}
        />
      </WhenIdle>
    </Card>
  );
}
