import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import type { Job } from "@/api/types";
import { Card } from "@/components/card";
import { CopyButton } from "@/components/copy-button";
import { ErrorNotice } from "@/components/notices";
import { useLogQuery } from "./queries";

const MOST_LINES = 5000;

/** The log of the newest attempt: follows its end unless told otherwise, and can be searched. */
export function JobLog({ job }: { job: Job }) {
  const [attempt, setAttempt] = useState<number | null>(null);
  const chosen = attempt ?? job.attempt;
  const query = useQuery(useLogQuery(job.id, chosen));
  const [search, setSearch] = useState("");
  const [follow, setFollow] = useState(true);
  const box = useRef<HTMLPreElement>(null);
  const text = query.data?.text ?? "";
  const lines = useMemo(() => visibleLines(text, search), [text, search]);
  useEffect(() => {
    if (follow && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [lines, follow]);
  return (
    <Card
      title="Log"
      actions={
        <>
          {job.attempts.length > 1 && (
            <select
              className="input small"
              aria-label="Attempt"
              value={chosen}
              onChange={(event) => setAttempt(Number(event.target.value))}
            >
              {job.attempts.map(({ number }) => (
                <option key={number} value={number}>{`Attempt ${number}`}</option>
              ))}
            </select>
          )}
          <input
            type="search"
            className="input small"
            placeholder="Search the log"
            aria-label="Search the log"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
          <label className="check">
            <input type="checkbox" checked={follow} onChange={(event) => setFollow(event.target.checked)} />
            Follow
          </label>
          <CopyButton text={text} />
        </>
      }
    >
      {query.isError && !query.data && <ErrorNotice error={query.error} />}
      <pre
        ref={box}
        className="log"
        role="log"
        aria-label="Log"
        aria-live="off"
        tabIndex={0}
        onScroll={(event) => {
          const { scrollHeight, scrollTop, clientHeight } = event.currentTarget;
          const atEnd = scrollHeight - scrollTop - clientHeight < 24;
          if (atEnd !== follow) setFollow(atEnd);
        }}
      >
        {lines.length === 0
          ? search
            ? "No line matches."
            : "Nothing was written yet."
          : lines.map(({ number, line }) => (
              <span key={number} className={/error|traceback/i.test(line) ? "log-line error" : "log-line"}>
                <span className="log-number" aria-hidden="true">
                  {number}
                </span>
                {line}
                {"\n"}
              </span>
            ))}
      </pre>
    </Card>
  );
}

function visibleLines(text: string, search: string) {
  if (text === "") return [];
  const wanted = search.toLowerCase();
  // A progress bar rewrites its line with carriage returns: only what stands there last is shown.
  const lines = text.replace(/\n$/, "").split("\n");
  return lines
    .map((line, index) => ({
      number: index + 1,
      line: line.slice(line.replace(/\r$/, "").lastIndexOf("\r") + 1),
    }))
    .filter(({ line }) => line.toLowerCase().includes(wanted))
    .slice(-MOST_LINES);
}
