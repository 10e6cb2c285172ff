import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, use } from "react";
import type { JobSummary } from "@/api/types";
import { Sparkline } from "@/components/sparkline";
import { formatAp } from "@/lib/format";
import { sparkQuery } from "./queries";

/** Whether the table is being scrolled: rows that rush past ask for nothing, and show what is known already. */
export const ScrollingContext = createContext(false);

/** The course of a job's AP, small enough for a row. */
export function ApSpark({ job }: { job: JobSummary }) {
  const scrolling = use(ScrollingContext);
  if (job.kind !== "job" || job.best_ap === null) return null;
  return scrolling ? <KnownSpark job={job} /> : <AskedSpark job={job} />;
}

function KnownSpark({ job }: { job: JobSummary }) {
  return <Spark job={job} values={useQueryClient().getQueryData(sparkQuery(job).queryKey)} />;
}

function AskedSpark({ job }: { job: JobSummary }) {
  return <Spark job={job} values={useQuery(sparkQuery(job)).data} />;
}

type Values = readonly (number | null)[];

function Spark({ job, values }: { job: JobSummary; values: Values | undefined }) {
  if (!values || values.length < 2) return null;
  return (
    <Sparkline
      values={values}
      label={`AP of ${job.name}: from ${formatAp(values[0])} to ${formatAp(values.at(-1))}`}
    />
  );
}
