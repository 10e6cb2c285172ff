import { useQuery, useQueryClient } from "@tanstack/react-query";
import { use } from "react";
import { baselineQuery } from "@/api/baselines";
import type { Baseline, JobSummary } from "@/api/types";
import { formatAp, formatGain } from "@/lib/format";
import { ScrollingContext } from "./ap-spark";

interface Props {
  job: JobSummary;
  ap: number;
}

/** What a job has gained over the same training without a teacher. */
export function GainCell({ job }: { job: JobSummary }) {
  const scrolling = use(ScrollingContext);
  if (job.best_ap === null || baselineQuery(job).enabled === false) return <Gain ap={0} baseline={null} />;
  return scrolling ? <KnownGain job={job} ap={job.best_ap} /> : <AskedGain job={job} ap={job.best_ap} />;
}

function KnownGain({ job, ap }: Props) {
  return <Gain ap={ap} baseline={useQueryClient().getQueryData(baselineQuery(job).queryKey)} />;
}

function AskedGain({ job, ap }: Props) {
  return <Gain ap={ap} baseline={useQuery(baselineQuery(job)).data} />;
}

function Gain({ ap, baseline }: { ap: number; baseline: Baseline | null | undefined }) {
  if (!baseline) return <span className="faint">–</span>;
  const gain = ap - baseline.best_ap;
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
