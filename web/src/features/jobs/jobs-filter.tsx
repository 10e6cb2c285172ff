import { useEffect, useState } from "react";
import type { JobFilter } from "./queries";
import { JOB_STATES } from "@/lib/states";

interface Props {
  filter: JobFilter;
  onChange: (filter: JobFilter) => void;
}

/** State, kind and text by which the list is narrowed. What is typed is sent after a short pause. */
export function JobsFilter({ filter, onChange }: Props) {
  const [text, setText] = useState(filter.text ?? "");
  useEffect(() => {
    if (text === (filter.text ?? "")) return;
    const timer = setTimeout(() => onChange({ ...filter, text: text || undefined }), 250);
    return () => clearTimeout(timer);
  }, [text, filter, onChange]);
  return (
    <form
      className="filters"
      role="search"
      aria-label="Filter jobs"
      onSubmit={(event) => event.preventDefault()}
    >
      <input
        type="search"
        className="input"
        placeholder="Search name, id or project"
        aria-label="Search jobs"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <select
        className="input"
        aria-label="State"
        value={filter.state?.[0] ?? ""}
        onChange={(event) => {
          const state = JOB_STATES.find((each) => each === event.target.value);
          onChange({ ...filter, state: state ? [state] : undefined });
        }}
      >
        <option value="">All states</option>
        {JOB_STATES.map((state) => (
          <option key={state}>{state}</option>
        ))}
      </select>
      <select
        className="input"
        aria-label="Kind"
        value={filter.kind ?? ""}
        onChange={(event) => {
          const kind = event.target.value;
          onChange({ ...filter, kind: kind === "job" || kind === "sweep" ? kind : undefined });
        }}
      >
        <option value="">Jobs and sweeps</option>
        <option value="job">Jobs</option>
        <option value="sweep">Sweeps</option>
      </select>
    </form>
  );
}
