import { isSweepSpec, type Job, type MetricSeries } from "@/api/types";
import { Card } from "@/components/card";
import { formatCount, formatDuration, formatNumber } from "@/lib/format";
import { useNow } from "@/lib/now";

/** What a job held and for how long, and what its student costs beside the teacher. */
export function JobResources({ job, series }: { job: Job; series: readonly MetricSeries[] }) {
  const now = useNow();
  const seconds = job.attempts.reduce((sum, { started_at, ended_at }) => {
    const end =
      ended_at === null ? (job.ended_at === null ? now : Date.parse(job.ended_at)) : Date.parse(ended_at);
    return started_at === null ? sum : sum + Math.max(0, (end - Date.parse(started_at)) / 1000);
  }, 0);
  const times = isSweepSpec(job.spec) ? job.spec.max_concurrent_trials : 1;
  const { cpus, gpus } = job.resources;
  const cost = new Map(series.map(({ key, points }) => [key, points.at(-1)?.value]));
  const rows = [
    ["Parameters", "parameters", formatCount],
    ["Operations of one image", "gflops", (value?: number | null) => unit(value, "GFLOP")],
    ["Time of one image", "latency_ms", (value?: number | null) => unit(value, "ms")],
  ] as const;
  const known = rows.some(([, name]) => cost.has(`cost/student_${name}`));
  return (
    <Card title="Resources">
      <dl className="pairs">
        <Pair name="Time of all attempts" value={formatDuration(seconds)} />
        <Pair name="CPU hours" value={formatNumber((seconds * cpus * times) / 3600)} />
        <Pair name="GPU hours" value={formatNumber((seconds * gpus * times) / 3600)} />
        <Pair name="Images per second" value={formatNumber(cost.get("train/images_per_second"))} />
      </dl>
      {known && (
        <table className="table dense costs">
          <caption className="visually-hidden">What student and teacher cost</caption>
          <thead>
            <tr>
              <th scope="col">Cost</th>
              <th scope="col" className="right">
                Student
              </th>
              <th scope="col" className="right">
                Teacher
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([title, name, show]) => (
              <tr key={name}>
                <th scope="row">{title}</th>
                <td className="right num">{show(cost.get(`cost/student_${name}`))}</td>
                <td className="right num">{show(cost.get(`cost/teacher_${name}`))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}

function Pair({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="num">{value}</dd>
    </div>
  );
}

function unit(value: number | null | undefined, name: string): string {
  return value == null ? "–" : `${formatNumber(value)} ${name}`;
}
