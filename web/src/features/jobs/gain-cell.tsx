import { useQuery } from "@tanstack/react-query";
import { use } from "react";
import { baselineQuery } from "@/api/baselines";
import type { JobSummary } from "@/api/types";
import { formatAp, formatGain } from "@/lib/format";
import { ScrollingContext } from "./ap-spark";

/** What a job has gained over the same training without a teacher. */
export function GainCell({ job }: { job: JobSummary }) {
  const scrolling = use(ScrollingContext);
  const query = baselineQuery(job);
  const known = query.enabled && job.best_ap !== null;
  const { data: baseline } = useQuery({ ...query, enabled: known && !scrolling });
  if (!baseline || job.best_ap === null) return <span className="faint">–</span>;
  const gain = job.best_ap - baseline.best_ap;
  const tone = gain > 0.05 ? "good" : gain < -0.05 ? "bad" : "";
  return (
    <span
      className={`gain ${tone}`}
      title={`Over ${baseline.name} (${formatAp(baseline.best_ap)} AP), the best training that differs only in having no teacher`}
    >
      {formatGain(gain)}
    </span>
  );
}
