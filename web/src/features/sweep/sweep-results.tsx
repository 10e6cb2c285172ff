import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import type { Job, SweepSpec, Trial } from "@/api/types";
import { isInRanges } from "@/charts/brush";
import { ParallelCoordinates, PARALLEL_PX } from "@/charts/parallel-coordinates";
import { Card } from "@/components/card";
import { EmptyState, ErrorNotice, Loading } from "@/components/notices";
import { WhenIdle } from "@/components/when-idle";
import { isFinal } from "@/lib/states";
import { ExploitsCard } from "./exploits-card";
import { HistoryCard } from "./history-card";
import { ImportanceBars } from "./importance-bars";
import { PromoteTrial } from "./promote-trial";
import { answersQuery, trialsQuery, useStopTrial } from "./queries";
import { RetrainModal } from "./retrain-modal";
import { SweepActions } from "./sweep-actions";
import { SweepPlots } from "./sweep-plots";
import type { TrialAction } from "./trial-actions";
import { TrialTable } from "./trial-table";
import { objectiveOf, parallelRows, scalesOf, searchedOf, trialValues } from "./trials";
import { VerdictCard } from "./verdict-card";
import type { SweepView } from "./view";

interface Props {
  sweep: Job;
  spec: SweepSpec;
  view: SweepView;
  onView: (view: SweepView) => void;
  onJob: (id: string) => void;
  onSweep: (id: string) => void;
}

interface Acting {
  action: TrialAction;
  number: number;
}

const VERDICT_PX = 430;
const PLOTS_PX = 440;
const NO_RANGES = {};
const NO_TRIALS: readonly Trial[] = [];

/** Everything that is read off a sweep's trials, and what is done with them. What is brushed and sorted is in the URL. */
export function SweepResults({ sweep, spec, view, onView, onJob, onSweep }: Props) {
  const query = useQuery(trialsQuery(sweep.id, sweep.state));
  const [highlighted, setHighlighted] = useState<number | null>(null);
  const [acting, setActing] = useState<Acting | null>(null);
  const stop = useStopTrial(sweep.id);
  const trials = query.data?.items ?? NO_TRIALS;
  const ranges = view.brush ?? NO_RANGES;
  const { sign } = objectiveOf(spec);
  const searched = useMemo(() => searchedOf(trials), [trials]);
  const scales = useMemo(() => scalesOf(spec, searched), [spec, searched]);
  const rows = useMemo(() => parallelRows(searched, sign), [searched, sign]);
  const shown = useMemo(
    () => trials.filter((trial) => isInRanges(trialValues(trial), scales, ranges)),
    [trials, scales, ranges],
  );
  const numEnded = trials.filter((trial) => trial.ended_at !== null).length;
  const { data: answers } = useQuery({
    ...answersQuery(sweep.id, numEnded),
    enabled: query.data !== undefined,
  });
  const { mutate: stopTrial } = stop;
  const act = useCallback(
    (action: TrialAction, { number }: Trial) =>
      action === "stop" ? stopTrial(number) : setActing({ action, number }),
    [stopTrial],
  );
  const sorting = useMemo(
    () => [{ id: view.sort ?? "objective", desc: view.desc ?? sign > 0 }],
    [view.sort, view.desc, sign],
  );
  if (query.isError && !query.data)
    return <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data) return <Loading label="Reading the trials" height={300} />;
  if (trials.length === 0) return <NoTrials over={isFinal(sweep.state)} />;
  const brushed = Object.keys(ranges).length > 0;
  return (
    <>
      <SweepActions
        sweep={sweep}
        spec={spec}
        scales={scales}
        ranges={ranges}
        winner={answers?.verdict.winner?.trial ?? null}
        onJob={onJob}
        onSweep={onSweep}
      />
      {stop.isError && <ErrorNotice error={stop.error} />}
      <div className="grid-sweep">
        {answers ? (
          <VerdictCard spec={spec} answers={answers} trials={trials} />
        ) : (
          <Loading label="Reading the verdict" height={VERDICT_PX} />
        )}
        <div className="stack">
          <HistoryCard spec={spec} trials={searched} />
          {answers ? (
            <ImportanceBars answers={answers} />
          ) : (
            <Loading label="Reading the importances" height={110} />
          )}
        </div>
      </div>
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
        <WhenIdle height={PARALLEL_PX}>
          <ParallelCoordinates
            label="Trials over all dimensions"
            scales={scales}
            rows={rows}
            ranges={ranges}
            highlighted={highlighted}
            onHighlight={setHighlighted}
            onRanges={(brush) =>
              onView({ ...view, brush: Object.keys(brush).length > 0 ? brush : undefined })
            }
          />
        </WhenIdle>
      </Card>
      <Card
        title="Trials"
        actions={
          <span className="hint num" role="status">
            {brushed ? `${shown.length} of ${trials.length}` : trials.length}
          </span>
        }
      >
        <TrialTable
          spec={spec}
          trials={shown}
          sorting={sorting}
          highlighted={highlighted}
          onHighlight={setHighlighted}
          onSorting={([next]) => onView({ ...view, sort: next?.id, desc: next?.desc })}
          onAction={act}
        />
      </Card>
      <ExploitsCard trials={trials} />
      <WhenIdle height={PLOTS_PX}>
        <SweepPlots
          sweep={sweep}
          spec={spec}
          trials={shown}
          answers={answers}
          view={view}
          onView={onView}
          onHighlight={setHighlighted}
        />
      </WhenIdle>
      {acting?.action === "retrain" && (
        <RetrainModal
          id={sweep.id}
          spec={spec}
          trial={acting.number}
          onClose={() => setActing(null)}
          onMade={onJob}
        />
      )}
      {acting?.action === "promote" && (
        <PromoteTrial id={sweep.id} number={acting.number} onClose={() => setActing(null)} />
      )}
    </>
  );
}

function NoTrials({ over }: { over: boolean }) {
  return (
    <EmptyState title={over ? "No trial was run" : "No trial has started yet"}>
      <p>
        {over
          ? "The sweep ended before its first trial. Its reason and its log say why."
          : "Trials, their curves and the verdict appear here as soon as the sweep runs."}
      </p>
    </EmptyState>
  );
}
