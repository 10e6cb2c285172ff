import { useMemo, useState } from "react";
import type { Job } from "@/api/types";
import { Card } from "@/components/card";
import { Choice, type Option } from "@/components/choice";
import { CopyButton } from "@/components/copy-button";
import { ErrorNotice } from "@/components/notices";
import { filterLines, type Level, readLines } from "@/lib/log-lines";
import { LogLines } from "./log-lines-view";
import { useLog } from "./log-query";

const NONE: string[] = [];
const LEVELS: readonly Option<Level>[] = [
  { value: "info", label: "All lines" },
  { value: "warning", label: "Warnings and errors" },
  { value: "error", label: "Errors" },
];

/** The log of the newest attempt: follows its end unless told otherwise, and can be searched. */
export function JobLog({ job }: { job: Job }) {
  const [attempt, setAttempt] = useState<number | null>(null);
  const chosen = attempt ?? job.attempt;
  const query = useLog(job.id, chosen, chosen === job.attempt);
  const [search, setSearch] = useState("");
  const [level, setLevel] = useState<Level>("info");
  const [follow, setFollow] = useState(true);
  const raw = query.data?.lines ?? NONE;
  const lines = useMemo(() => readLines(raw), [raw]);
  const shown = useMemo(() => filterLines(lines, search, level), [lines, search, level]);
  const narrowed = search !== "" || level !== "info";
  return (
    <Card
      title="Log"
      actions={
        <>
          {job.attempts.length > 1 && (
            <Choice
              small
              aria-label="Attempt"
              options={job.attempts.map(({ number }) => ({
                value: String(number),
                label: `Attempt ${number}`,
              }))}
              value={String(chosen)}
              onChange={(next) => setAttempt(Number(next))}
            />
          )}
          <input
            type="search"
            className="input small"
            placeholder="Search the log"
            aria-label="Search the log"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
          <Choice small aria-label="Level" options={LEVELS} value={level} onChange={setLevel} />
          {narrowed && (
            <span className="num faint" role="status">
              {shown.length.toLocaleString("en-US")} of {lines.length.toLocaleString("en-US")} lines
            </span>
          )}
          <label className="check">
            <input type="checkbox" checked={follow} onChange={(event) => setFollow(event.target.checked)} />
            Follow
          </label>
          <CopyButton text={() => shown.map(({ text }) => text).join("\n")} />
        </>
      }
    >
      {query.isError && !query.data && <ErrorNotice error={query.error} />}
      <LogLines
        lines={shown}
        follow={follow}
        empty={narrowed ? "No line matches." : "Nothing was written yet."}
        onFollow={setFollow}
      />
    </Card>
  );
}
