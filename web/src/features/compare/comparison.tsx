import { Link } from "@tanstack/react-router";
import { LineChart } from "@/charts/line-chart";
import { Scatter } from "@/charts/scatter";
import { Card } from "@/components/card";
import { Choice } from "@/components/choice";
import { SpecDiff } from "@/components/spec-diff";
import { StateBadge } from "@/components/state-badge";
import { formatAp, formatCount, formatGain, formatNumber } from "@/lib/format";
import { classRows, type Compared, curvesOf, latest, sharedKeys } from "./compared";
import { ScrollRegion } from "@/components/scroll-region";

interface Props {
  jobs: readonly Compared[];
  metric: string | undefined;
  onMetric: (metric: string) => void;
  onRemove: (id: string) => void;
}

/** Several jobs beside each other; the first one is what the others are held against. */
export function Comparison({ jobs, metric, onMetric, onRemove }: Props) {
  const keys = sharedKeys(jobs);
  const chosen =
    metric && keys.includes(metric) ? metric : (keys.find((key) => key.startsWith("train/loss")) ?? keys[0]);
  return (
    <>
      <Numbers jobs={jobs} onRemove={onRemove} />
      <div className="grid-two">
        <Card title="Average precision">
          <LineChart
            label="AP in percent"
            curves={curvesOf(jobs, "val/AP")}
            digits={formatAp}
            syncKey="compare"
            height={250}
          />
        </Card>
        {chosen && (
          <Card
            title="Another metric"
            actions={<Choice small aria-label="Metric" options={keys} value={chosen} onChange={onMetric} />}
          >
            <LineChart label={chosen} curves={curvesOf(jobs, chosen)} syncKey="compare" height={250} />
          </Card>
        )}
        <Cost jobs={jobs} name="parameters" title="Size against AP" unit="million parameters" scale={1e-6} />
        <Cost jobs={jobs} name="latency_ms" title="Speed against AP" unit="ms for one image" scale={1} />
      </div>
      <Classes jobs={jobs} />
      <Card title="Where the specs differ">
        <SpecDiff specs={jobs.map(({ job }) => job.spec)} names={jobs.map(({ job }) => job.name)} />
      </Card>
    </>
  );
}

function Numbers({ jobs, onRemove }: Pick<Props, "jobs" | "onRemove">) {
  const first = jobs[0]?.job.best_ap ?? null;
  return (
    <ScrollRegion className="table-wrap" label="The jobs in numbers">
      <table className="table dense">
        <caption className="visually-hidden">The jobs in numbers</caption>
        <thead>
          <tr>
            <th scope="col">Job</th>
            <th scope="col">State</th>
            {["Best AP", "To the first", "AP50", "Parameters", "GFLOP", "ms an image"].map((title) => (
              <th key={title} scope="col" className="right">
                {title}
              </th>
            ))}
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {jobs.map((each, index) => {
            const { job } = each;
            const gain = job.best_ap === null || first === null ? null : job.best_ap - first;
            return (
              <tr key={job.id}>
                <th scope="row">
                  <Link to="/jobs/$id" params={{ id: job.id }}>
                    {job.name}
                  </Link>
                </th>
                <td>
                  <StateBadge state={job.state} />
                </td>
                <td className="right num strong">{formatAp(job.best_ap)}</td>
                <td className="right num">{index === 0 ? "" : formatGain(gain)}</td>
                <td className="right num">{formatAp(job.metrics["val/AP50"])}</td>
                <td className="right num">{formatCount(latest(each, "cost/student_parameters"))}</td>
                <td className="right num">{formatNumber(latest(each, "cost/student_gflops"))}</td>
                <td className="right num">{formatNumber(latest(each, "cost/student_latency_ms"))}</td>
                <td className="cell-actions">
                  <button
                    type="button"
                    className="button small"
                    aria-label={`Take out ${job.name}`}
                    onClick={() => onRemove(job.id)}
                  >
                    Take out
                  </button>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

interface CostProps {
  jobs: readonly Compared[];
  name: string;
  title: string;
  unit: string;
  scale: number;
}

function Cost({ jobs, name, title, unit, scale }: CostProps) {
  const dots = jobs.flatMap((each, color) => {
    const cost = latest(each, `cost/student_${name}`);
    const { id, name: label, best_ap } = each.job;
    return cost === null || best_ap === null
      ? []
      : [{ key: id, name: label, x: cost * scale, y: best_ap, color }];
  });
  if (dots.length === 0) return null;
  return (
    <Card title={title}>
      <Scatter label={`${title}: ${unit}`} xLabel={unit} yLabel="best AP" dots={dots} />
    </Card>
  );
}

function Classes({ jobs }: { jobs: readonly Compared[] }) {
  const rows = classRows(jobs);
  if (rows.length === 0) return null;
  return (
    <Card title="AP by class, the biggest differences first">
      <ScrollRegion className="table-wrap scroll" label="AP by class">
        <table className="table dense">
          <caption className="visually-hidden">AP by class in percent</caption>
          <thead>
            <tr>
              <th scope="col">Class</th>
              {jobs.map(({ job }) => (
                <th key={job.id} scope="col" className="right">
                  {job.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, aps }) => {
              const best = Math.max(...aps.map((ap) => ap ?? -1));
              return (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  {aps.map((ap, index) => (
                    <td key={index} className={ap === best ? "right num strong" : "right num"}>
                      {formatAp(ap)}
                    </td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </ScrollRegion>
    </Card>
  );
}
