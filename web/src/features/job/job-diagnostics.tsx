import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { baselineCurveQuery } from "@/api/baselines";
import type { Artifact, Baseline, Job, MetricSeries } from "@/api/types";
import type { Curve } from "@/charts/align";
import { LineChart } from "@/charts/line-chart";
import { Card } from "@/components/card";
import { EmptyState } from "@/components/notices";
import { formatAp } from "@/lib/format";
import { gapClosed, gradientCosines, gradientShares, shareWarnings } from "@/lib/gradient-share";
import { DetectionsCard, type DetectionsView } from "./detections-card";
import { DifferenceMaps } from "./difference-maps";

interface Props {
  job: Job;
  series: readonly MetricSeries[];
  baseline: Baseline | null;
  artifacts: readonly Artifact[];
  view: DetectionsView;
  onView: (view: DetectionsView) => void;
}

const RANKS = [
  ["diagnostics/rank_spearman", "rank correlation, classes"],
  ["diagnostics/rank_top1", "same first choice, classes"],
  ["diagnostics/rank_localisation_spearman", "rank correlation, boxes"],
  ["diagnostics/rank_localisation_top1", "same first choice, boxes"],
] as const;

/** What only a distillation has: how alike both models judge, and how the terms of the loss pull. */
export function JobDiagnostics({ job, series, baseline, artifacts, view, onView }: Props) {
  const course = useQuery(baselineCurveQuery(baseline?.id)).data;
  const found = useMemo(() => readDiagnostics(series, course ?? []), [series, course]);
  const maps = artifacts.filter(({ path }) => /^diagnostics\/maps-\d+\.png$/.test(path));
  const newest = series.find(({ key }) => key === "val/AP")?.points.at(-1)?.step ?? 0;
  const nothing =
    found.shares.length + found.ranks.length + found.gap.length + found.correlation.length + maps.length ===
    0;
  if (nothing) {
    return (
      <EmptyState title="No diagnostics yet">
        <p>
          They are measured at each evaluation: how alike teacher and student rank the candidates of each
          object, how much each loss term pulls, and where features and predictions differ. Jobs with a
          teacher have all of them; <code>training.diagnostics.enabled</code> switches them off.
        </p>
      </EmptyState>
    );
  }
  const shared = { syncKey: `diagnostics-${job.id}`, height: 220 };
  return (
    <div className="grid-diagnostics">
      {found.warnings.map(({ term, text }) => (
        <p key={term} className="notice notice-warn" role="note">
          {text}
        </p>
      ))}
      {found.gap.length > 0 && (
        <Card title="AP gap closed">
          <LineChart label="AP gap closed in percent" curves={found.gap} digits={percent} {...shared} />
          <p className="hint">
            The way from {baseline?.name} (no teacher) at the same step to the teacher (
            {formatAp(job.metrics["teacher/AP"])} AP) is 100 %; below 0 % the student is behind its baseline.
          </p>
        </Card>
      )}
      {found.ranks.length > 0 && (
        <Card title="Rank agreement">
          <LineChart label="Rank agreement of teacher and student" curves={found.ranks} {...shared} />
          <p className="hint">
            Do both put the candidates of an object into the same order? 1 is the same order; correlation 0 is
            chance.
          </p>
        </Card>
      )}
      {found.shares.length > 0 && (
        <Card title="Gradient share of each loss term">
          <LineChart label="Gradient share in percent" curves={found.shares} digits={percent} {...shared} />
          <p className="hint">How much each weighted term pulls at the student’s features, of 100 %.</p>
        </Card>
      )}
      {found.cosines.length > 0 && (
        <Card title="Do the terms pull together?">
          <LineChart label="Cosine of gradients" curves={found.cosines} {...shared} />
          <p className="hint">Cosine of the gradients of two terms: below 0 they pull against each other.</p>
        </Card>
      )}
      {job.teacher !== null && <DetectionsCard job={job} newest={newest} view={view} onView={onView} />}
      <DifferenceMaps maps={maps}>
        {found.correlation.length > 0 && (
          <div>
            <h3 className="part-title">Features differ where predictions differ</h3>
            <LineChart
              label="Correlation of feature and prediction difference"
              curves={found.correlation}
              {...shared}
            />
            <p className="hint">
              Correlation of both differences over the places of the maps: 1 where they go together. Feature
              imitation weighs features by how predictions differ.
            </p>
          </div>
        )}
      </DifferenceMaps>
    </div>
  );
}

const percent = (value: number | null | undefined) => `${formatAp(value)} %`;

function readDiagnostics(series: readonly MetricSeries[], baseline: MetricSeries["points"]) {
  const by = new Map(series.map((each) => [each.key, each]));
  const shares = gradientShares(series);
  const teacher = by.get("teacher/AP")?.points.at(-1)?.value;
  const gap = gapClosed(by.get("val/AP"), teacher, baseline);
  const correlation = by.get("diagnostics/feature_prediction_correlation");
  const ranks = RANKS.flatMap(([key, name], color): Curve[] => {
    const points = by.get(key)?.points;
    return points ? [{ key, name, points, color }] : [];
  });
  return {
    warnings: shareWarnings(shares),
    gap: gap.length > 0 ? [{ key: "gap", name: "gap closed", points: gap }] : [],
    ranks,
    shares: shares.map(({ term, points }): Curve => ({ key: term, name: term.replaceAll("_", " "), points })),
    cosines: gradientCosines(series).map(({ key, points }): Curve => ({ key, name: key, points })),
    correlation: correlation ? [{ key: "correlation", name: "correlation", points: correlation.points }] : [],
  };
}
