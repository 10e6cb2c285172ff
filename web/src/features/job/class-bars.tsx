import type { MetricSeries } from "@/api/types";
import { Card } from "@/components/card";
import { formatAp } from "@/lib/format";

const PREFIX = "val/AP/";

/** The latest AP of each class, as bars. */
export function ClassBars({ series }: { series: readonly MetricSeries[] }) {
  const rows = series
    .filter(({ key }) => key.startsWith(PREFIX))
    .map(({ key, points }) => ({ name: key.slice(PREFIX.length), ap: points.at(-1)?.value ?? null }))
    .sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
  if (rows.length === 0) return null;
  return (
    <Card title="AP by class">
      <ul className="bars" aria-label="AP by class in percent">
        {rows.map(({ name, ap }) => (
          <li key={name}>
            <span className="bar-name">{name}</span>
            <span className="bar-track" aria-hidden="true">
              <span className="bar-fill" style={{ width: `${Math.max(0, ap ?? 0)}%` }} />
            </span>
            <span className="num">{formatAp(ap)}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
