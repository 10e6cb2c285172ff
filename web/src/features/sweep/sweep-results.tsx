import { useQuery } from "@tanstack/react-query";
import type { SortingState } from "@tanstack/react-table";
import { useMemo, useState } from "react";
import type { Job, SweepSpec } from "@/api/types";
import { isInRanges, type Ranges } from "@/charts/brush";
import { LineChart } from "@/charts/line-chart";
import { ParallelCoordinates } from "@/charts/parallel-coordinates";
import { Card } from "@/components/card";
import { ErrorNotice, Loading } from "@/components/notices";
import { formatAp } from "@/lib/format";
import { ImportanceBars } from "./importance-bars";
import { answersQuery, trialsQuery } from "./queries";
import { TrialCurves } from "./trial-curves";
import { TrialTable } from "./trial-table";
import { bestSoFar, objectiveOf, parallelRows, scalesOf, searchedOf, trialValues } from "./trials";
import { VerdictCard } from "./verdict-card";

export interface SweepView {
  brush?: Ranges;
  sort?: string;
  desc?: boolean;
}

interface Props {
  sweep: Job;
  spec: SweepSpec;
  view: SweepView;
  onView: (view: SweepView) => void;
}

/** Everything that is read off a sweep's trials. What is brushed and sorted is in the URL. */
export function SweepResults({ sweep, spec, view, onView }: Props) {
  const query = useQuery(trialsQuery(sweep.id, sweep.state));
  const [highlighted, setHighlighted] = useState<number | null>(null);
  const trials = query.data?.items;
  const searched = useMemo(() => searchedOf(trials ?? []), [trials]);
  const numEnded = (trials ?? []).filter((trial) => trial.ended_at !== null).length;
  const { data: answers } = useQuery({ ...answersQuery(sweep.id, numEnded), enabled: trials !== undefined });
  const { metric, name, sign } = objectiveOf(spec);
  const ranges = view.brush ?? {};
  const scales = useMemo(() => scalesOf(spec, searched), [spec, searched]);
  const rows = useMemo(() => parallelRows(searched, sign), [searched, sign]);
  const history = useMemo(
    () => [
      {
        key: "best",
        name: "best so far",
        points: bestSoFar(searched, sign),
        color: 0,
        style: "steps" as const,
      },
      {
        key: "trial",
        name: "trial",
        points: searched.map((trial) => ({ step: trial.number, value: trial.objective })),
        color: 1,
        style: "points" as const,
      },
    ],
    [searched, sign],
  );
  if (query.isError && !trials)
    return <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />;
  if (!trials) return <Loading label="Reading the trials" height={300} />;
  const shown = trials.filter((trial) => isInRanges(trialValues(trial), scales, ranges));
  const sorting: SortingState = [{ id: view.sort ?? "objective", desc: view.desc ?? sign > 0 }];
  const brushed = Object.keys(ranges).length > 0;
  return (
    <>
      <div className="grid-sweep">
        {answers ? (
          <VerdictCard spec={spec} answers={answers} trials={trials} />
        ) : (
          <Loading label="Reading the verdict" height={200} />
        )}
        <Card title={`${name} over trials`}>
          <LineChart
            label={`${name} over trials`}
            curves={history}
            xLabel="trial"
            digits={formatAp}
            height={200}
          />
        </Card>
        <TrialCurves id={sweep.id} trials={shown} metric={metric} sign={sign} />
      </div>
      {answers && <ImportanceBars answers={answers} />}
      <Card
        title="Parallel coordinates"
        actions={
          brushed ? (
            <button
              type="button"
              className="button small"
              onClick={() => onView({ ...view, brush: undefined })}
            >
              Clear brush
            </button>
          ) : (
            <span className="hint">Drag along an axis to keep only what passes there</span>
          )
        }
      >
        <ParallelCoordinates
          label="Trials over all dimensions"
          scales={scales}
          rows={rows}
          ranges={ranges}
          highlighted={highlighted}
          onHighlight={setHighlighted}
          onRanges={(brush) => onView({ ...view, brush: Object.keys(brush).length > 0 ? brush : undefined })}
        />
      </Card>
      <Card
        title="Trials"
        actions={
          <span className="hint num">{brushed ? `${shown.length} of ${trials.length}` : trials.length}</span>
        }
      >
        <TrialTable
          spec={spec}
          trials={shown}
          sorting={sorting}
          highlighted={highlighted}
          onHighlight={setHighlighted}
          onSorting={([next]) => onView({ ...view, sort: next?.id, desc: next?.desc })}
        />
      </Card>
    </>
  );
}
