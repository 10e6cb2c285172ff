import { useQuery } from "@tanstack/react-query";
import { createContext, use } from "react";
import type { JobSummary } from "@/api/types";
import { Sparkline } from "@/components/sparkline";
import { formatAp } from "@/lib/format";
import { sparkQuery } from "./queries";

/** Whether the table is being scrolled: rows that rush past ask for nothing. */
export const ScrollingContext = createContext(false);

/** The course of a job's AP, small enough for a row. */
export function ApSpark({ job }: { job: JobSummary }) {
  const scrolling = use(ScrollingContext);
  const known = job.kind === "job" && job.best_ap !== null;
  const { data } = useQuery({ ...sparkQuery(job), enabled: known && !scrolling });
  if (!known || !data || data.length < 2) return null;
  return (
    <Sparkline
      values={data}
      label={`AP of ${job.name}: from ${formatAp(data[0])} to ${formatAp(data.at(-1))}`}
    />
  );
}
