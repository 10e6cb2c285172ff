import { useQuery } from "@tanstack/react-query";
import type { ECElementEvent } from "echarts/core";
import { useMemo, useState } from "react";
import type { Answers, Job, SweepSpec, Trial } from "@/api/types";
import { useChartTheme } from "@/charts/chart-theme";
import { EChart } from "@/charts/echart";
import { Card } from "@/components/card";
import { Choice } from "@/components/choice";
import { ErrorNotice, Loading } from "@/components/notices";
import { Segmented } from "@/components/segmented";
import { formatAp, shortPath } from "@/lib/format";
import { useNow } from "@/lib/now";
import { isFinal } from "@/lib/states";
import { byObjective, curvesOption, NUM_NAMED } from "./curves-option";
import { paretoOption } from "./pareto-option";
import { trialReportsQuery } from "./queries";
import { sliceOption } from "./slices-option";
import { barsOf, timelineOption, usedShare } from "./timeline-option";
import { objectiveOf } from "./trials";
import type { Plot, SweepView } from "./view";

interface Props {
  sweep: Job;
  spec: SweepSpec;
  /** The trials that the brush leaves. */
  trials: readonly Trial[];
  answers: Answers | undefined;
  view: SweepView;
  onView: (view: SweepView) => void;
  onHighlight: (trial: number | null) => void;
}

const PLOTS: readonly { value: Plot; label: string }[] = [
  { value: "curves", label: "Learning curves" },
  { value: "slices", label: "Slices" },
  { value: "pareto", label: "Pareto front" },
  { value: "timeline", label: "Timeline" },
];

/** The further plots of a sweep, one at a time; which one is in the URL. */
export function SweepPlots(props: Props) {
  const { view, onView, spec, answers } = props;
  const plot = view.plot ?? "curves";
  const options = PLOTS.filter(({ value }) => value !== "pareto" || spec.further_objectives.length > 0);
  return (
    <Card
      title="Plots"
      actions={
        <Segmented
          label="Plot"
          value={plot}
          options={options}
          onChange={(next) => onView({ ...view, plot: next === "curves" ? undefined : next })}
        />
      }
    >
      {plot === "curves" && <Curves {...props} />}
      {plot === "slices" && <Slices {...props} />}
      {plot === "timeline" && <Timeline {...props} />}
      {plot === "pareto" &&
        (answers ? (
          <Pareto {...props} answers={answers} />
        ) : (
          <Loading label="Reading the front" height={300} />
        ))}
    </Card>
  );
}

const trialOf = (event: ECElementEvent | null): number | null => {
  if (!event) return null;
  const data: unknown = event.data;
  const id = typeof data === "object" && data !== null && "id" in data ? data.id : event.seriesId;
  const number = Number(id);
  return Number.isInteger(number) && number > 0 ? number : null;
};

function Curves({ sweep, spec, trials, onHighlight }: Props) {
  const theme = useChartTheme();
  const [hovered, setHovered] = useState<number | null>(null);
  const query = useQuery(trialReportsQuery(sweep.id, spec.num_trials, sweep.state));
  const { name, sign } = objectiveOf(spec);
  const shown = useMemo(() => {
    const kept = new Set(trials.map(({ number }) => number));
    return (query.data?.items ?? []).filter(({ number }) => kept.has(number));
  }, [query.data, trials]);
  const option = useMemo(
    () => curvesOption({ trials: shown, name, sign, theme }),
    [shown, name, sign, theme],
  );
  if (query.isError && !query.data)
    return <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data && trials.length > 0) return <Loading label="Reading the learning curves" height={320} />;
  const withCurve = shown.filter(({ reports }) => reports.length > 0);
  if (withCurve.length === 0) return <p className="hint">No trial has been evaluated yet.</p>;
  const best = byObjective(withCurve, sign).slice(0, NUM_NAMED);
  const stopped = withCurve.filter(({ state }) => state === "stopped").length;
  const now = withCurve.find(({ number }) => number === hovered);
  return (
    <>
      <EChart
        label={`Learning curves of ${withCurve.length} trials. Best: ${best.map(({ number, objective }) => `trial ${number} with ${formatAp(objective)}`).join(", ")}`}
        option={option}
        height={340}
        onHover={(event) => {
          const number = trialOf(event);
          setHovered(number);
          onHighlight(number);
        }}
      />
      <p className="hint num" aria-hidden="true">
        {now
          ? `trial ${now.number}, ${now.state}: ${formatAp(now.objective)}`
          : `${withCurve.length} trials${stopped > 0 ? `, ${stopped} of them stopped early (dashed)` : ""}; the best ${best.length} bear their numbers`}
      </p>
    </>
  );
}

function Slices({ spec, trials, answers, onHighlight }: Props) {
  const theme = useChartTheme();
  const { name } = objectiveOf(spec);
  const best = answers?.verdict.winner?.trial ?? null;
  const order = new Map(answers?.importances.map(({ path }, index) => [path, index]));
  const paths = Object.keys(spec.space).sort((a, b) => (order.get(a) ?? 99) - (order.get(b) ?? 99));
  return (
    <>
      <div className="slices">
        {paths.map((path) => (
          <Slice
            key={path}
            path={path}
            spec={spec}
            trials={trials}
            best={best}
            name={name}
            theme={theme}
            onHighlight={onHighlight}
          />
        ))}
      </div>
      <p className="hint">
        Later trials are drawn stronger; the diamond is the winner, open circles were stopped.
      </p>
    </>
  );
}

interface SliceProps extends Pick<Props, "spec" | "trials" | "onHighlight"> {
  path: string;
  best: number | null;
  name: string;
  theme: ReturnType<typeof useChartTheme>;
}

function Slice({ path, spec, trials, best, name, theme, onHighlight }: SliceProps) {
  const dimension = spec.space[path];
  const option = useMemo(
    () => dimension && sliceOption({ path, dimension, trials, best, name, theme }),
    [path, dimension, trials, best, name, theme],
  );
  if (!option) return null;
  return (
    <figure className="chart">
      <figcaption className="slice-title" title={path}>
        {shortPath(path)}
      </figcaption>
      <EChart
        label={`${name} over ${shortPath(path)}`}
        option={option}
        height={210}
        onHover={(event) => onHighlight(trialOf(event))}
      />
    </figure>
  );
}

function Pareto({ trials, answers, view, onView, onHighlight }: Props & { answers: Answers }) {
  const theme = useChartTheme();
  const other = Math.min(view.other ?? 1, answers.objectives.length - 1);
  const option = useMemo(
    () => paretoOption({ trials, answers, other, theme }),
    [trials, answers, other, theme],
  );
  return (
    <>
      {answers.objectives.length > 2 && (
        <label className="inline-field">
          Against
          <Choice
            small
            options={answers.objectives.slice(1).map(({ metric }, index) => ({
              value: String(index + 1),
              label: metric,
            }))}
            value={String(other)}
            onChange={(next) => onView({ ...view, other: Number(next) })}
          />
        </label>
      )}
      <EChart
        label={`Pareto front: ${answers.front.map(({ trial, values }) => `trial ${trial} at ${values.map(formatAp).join(" and ")}`).join("; ")}`}
        option={option}
        height={340}
        onHover={(event) => onHighlight(trialOf(event))}
      />
    </>
  );
}

function Timeline({ sweep, spec, trials, onHighlight }: Props) {
  const theme = useChartTheme();
  const clock = useNow();
  // A running sweep's bars grow every ten seconds; an ended one's stay.
  const now = isFinal(sweep.state)
    ? Date.parse(sweep.ended_at ?? sweep.updated_at)
    : Math.floor(clock / 10_000) * 10_000;
  const { sign } = objectiveOf(spec);
  const holds = sweep.resources.gpus > 0 ? "GPU" : "CPU";
  const bars = useMemo(() => barsOf(trials, now), [trials, now]);
  const option = useMemo(() => timelineOption({ bars, sign, theme, holds }), [bars, sign, theme, holds]);
  if (bars.length === 0) return <p className="hint">No trial has started yet.</p>;
  const lanes = Math.max(...bars.map(({ lane }) => lane)) + 1;
  return (
    <>
      <EChart
        label={`Timeline of ${bars.length} trials in ${lanes} ${holds} slots, used for ${Math.round(usedShare(bars) * 100)} % of the time`}
        option={option}
        height={Math.min(520, 60 + lanes * 30)}
        onHover={(event) => onHighlight(trialOf(event))}
      />
      <p className="hint num">
        {lanes} {lanes === 1 ? "slot" : "slots"}, in use for {Math.round(usedShare(bars) * 100)} % of the
        time. Stronger is better; pale bars were stopped. Ctrl and the wheel zoom.
      </p>
    </>
  );
}
