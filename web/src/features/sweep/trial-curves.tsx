import { useQueries } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Trial } from "@/api/types";
import type { Curve } from "@/charts/align";
import { LineChart } from "@/charts/line-chart";
import { Card } from "@/components/card";
import { formatAp } from "@/lib/format";
import { trialCurveQuery } from "./queries";

const MOST = 8;

/** How the objective's metric grew in the best of the shown trials. */
export function TrialCurves({
  id,
  trials,
  metric,
  sign,
}: {
  id: string;
  trials: readonly Trial[];
  metric: string;
  sign: number;
}) {
  const chosen = useMemo(
    () =>
      [...trials]
        .sort(
          (a, b) =>
            sign * ((b.objective ?? -sign * Infinity) - (a.objective ?? -sign * Infinity)) ||
            a.number - b.number,
        )
        .slice(0, MOST),
    [trials, sign],
  );
  const curves = useQueries({
    queries: chosen.map((trial) => trialCurveQuery(id, trial, metric)),
    combine: (results) =>
      results.flatMap((result, index): Curve[] => {
        const points = result.data?.series[0]?.points;
        const number = chosen[index]?.number;
        return points && number !== undefined
          ? [{ key: String(number), name: `trial ${number}`, points, color: index }]
          : [];
      }),
  });
  return (
    <Card title={`Learning curves of the best ${Math.min(MOST, trials.length)}`}>
      {curves.length > 0 ? (
        <LineChart label={`Learning curves, ${metric}`} curves={curves} digits={formatAp} height={220} />
      ) : (
        <p className="hint">No trial has been evaluated yet.</p>
      )}
    </Card>
  );
}
