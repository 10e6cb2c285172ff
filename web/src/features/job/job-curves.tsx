import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Job, MetricSeries } from "@/api/types";
import type { Curve } from "@/charts/align";
import { LineChart } from "@/charts/line-chart";
import { Card } from "@/components/card";
import { ErrorNotice, Loading } from "@/components/notices";
import { formatAp } from "@/lib/format";
import { ClassBars } from "./class-bars";
import { CurveControls, type CurveSettings } from "./curve-controls";
import { metricsQuery } from "./queries";

interface Props {
  job: Job;
  settings: CurveSettings;
  onSettings: (settings: CurveSettings) => void;
}

/** The live curves of a job, with one cursor for all of them. */
export function JobCurves({ job, settings, onSettings }: Props) {
  const query = useQuery(metricsQuery(job.id, job.state));
  const series = query.data?.series;
  const groups = useMemo(() => groupSeries(series ?? []), [series]);
  if (query.isError && !series)
    return <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />;
  if (!series) return <Loading label="Reading the curves" height={260} />;
  if (series.length === 0) {
    return (
      <Card title="Curves">
        <p className="hint">
          {job.state === "queued"
            ? "The job waits for its turn; curves begin with its first steps."
            : "No metric was logged yet."}
        </p>
      </Card>
    );
  }
  const shared = { syncKey: `job-${job.id}` };
  return (
    <div className="grid-charts">
      <Card title="Average precision" className="wide">
        {groups.ap.length > 0 ? (
          <LineChart
            label="Average precision in percent"
            curves={groups.ap}
            digits={formatAp}
            {...shared}
            height={260}
          />
        ) : (
          <p className="hint">The first evaluation has not been done yet.</p>
        )}
      </Card>
      {groups.losses.length > 0 && (
        <Card
          title="Losses"
          className="wide"
          actions={<CurveControls settings={settings} onChange={onSettings} />}
        >
          <LineChart
            label="Losses"
            curves={groups.losses}
            yLog={settings.log ?? false}
            smoothing={settings.smooth ?? 0}
            {...shared}
            height={260}
          />
        </Card>
      )}
      <ClassBars series={series} />
      {groups.rest.map((curve) => (
        <Card key={curve.key} title={curve.name}>
          <LineChart label={curve.name} curves={[curve]} {...shared} height={150} hideLegend={false} />
        </Card>
      ))}
    </div>
  );
}

const TITLES: Record<string, string> = {
  "train/learning_rate": "Learning rate",
  "train/images_per_second": "Images per second",
  "train/gradient_norm": "Gradient norm",
};

function groupSeries(series: readonly MetricSeries[]) {
  const by = new Map(series.map((each) => [each.key, each]));
  const curve = (key: string, name: string, color: number, style?: Curve["style"]): Curve[] => {
    const found = by.get(key);
    return found ? [{ key, name, points: found.points, color, style }] : [];
  };
  const losses = series
    .filter(({ key }) => key.startsWith("train/loss/"))
    .sort((a, b) => lossOrder(a.key) - lossOrder(b.key))
    .map(({ key, points }, color): Curve => ({
      key,
      points,
      color,
      name: key.slice(11).replaceAll("_", " "),
    }));
  return {
    ap: [
      ...curve("val/AP", "AP", 0),
      ...curve("val/AP50", "AP50", 1),
      ...curve("val/AP75", "AP75", 2),
      ...(by.has("val/AP") ? curve("teacher/AP", "teacher AP", 0, "reference") : []),
      ...(by.has("val/AP") ? curve("teacher/AP50", "teacher AP50", 1, "reference") : []),
    ],
    losses,
    rest: Object.entries(TITLES).flatMap(([key, name], index) => curve(key, name, index + 2)),
  };
}

function lossOrder(key: string): number {
  const at = ["total", "classification", "box"].indexOf(key.slice(11));
  return at < 0 ? 99 : at;
}
