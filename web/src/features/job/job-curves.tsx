import { useMemo } from "react";
import type { Baseline, Job, MetricSeries } from "@/api/types";
import { LineChart } from "@/charts/line-chart";
import { Card } from "@/components/card";
import { formatAp } from "@/lib/format";
import { ClassBars } from "./class-bars";
import { CurveControls, type CurveSettings } from "./curve-controls";
import { groupSeries } from "./curve-groups";

interface Props {
  job: Job;
  series: readonly MetricSeries[];
  baseline: Baseline | null;
  settings: CurveSettings;
  onSettings: (settings: CurveSettings) => void;
}

/** The live curves of a job, with one cursor for all of them. */
export function JobCurves({ job, series, baseline, settings, onSettings }: Props) {
  const groups = useMemo(() => groupSeries(series, baseline), [series, baseline]);
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
      <div className="grid-small">
        <ClassBars series={series} />
        {groups.rest.map((curve) => (
          <Card key={curve.key} title={curve.name}>
            <LineChart label={curve.name} curves={[curve]} {...shared} height={150} hideLegend={false} />
          </Card>
        ))}
      </div>
    </div>
  );
}
