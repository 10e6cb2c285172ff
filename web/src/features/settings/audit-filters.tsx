import { useId } from "react";
import { Choice } from "@/components/choice";
import type { AuditEntry, AuditFilter } from "./audit";

interface Props {
  filter: AuditFilter;
  entries: readonly AuditEntry[];
  onChange: (filter: AuditFilter) => void;
}

const ANSWERS = [
  { value: "done", label: "Done" },
  { value: "refused", label: "Refused or failed" },
] as const;

/** Cuts the audit log down. What was seen so far is offered while one types. */
export function AuditFilters({ filter, entries, onChange }: Props) {
  const id = useId();
  const set = (change: AuditFilter) => onChange({ ...filter, ...change });
  const seen = (of: (entry: AuditEntry) => string | null) =>
    [...new Set(entries.map(of).filter((value) => value !== null))].sort();
  return (
    <div className="filters" role="search" aria-label="Audit log">
      <Typed
        label="Who"
        value={filter.principal}
        list={`${id}-who`}
        onValue={(principal) => set({ principal })}
      />
      <datalist id={`${id}-who`}>
        {seen((entry) => entry.principal).map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <Typed
        label="What"
        value={filter.operation}
        list={`${id}-what`}
        onValue={(operation) => set({ operation })}
      />
      <datalist id={`${id}-what`}>
        {seen((entry) => entry.operation).map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <Typed label="Part of the path" value={filter.target} onValue={(target) => set({ target })} />
      <Choice
        aria-label="Answer"
        none="Any answer"
        options={ANSWERS}
        value={filter.refused === undefined ? undefined : filter.refused ? "refused" : "done"}
        onChange={(answer) => set({ refused: answer === undefined ? undefined : answer === "refused" })}
      />
      <Day label="From" value={filter.since} onValue={(since) => set({ since })} />
      <Day label="to" value={filter.until} onValue={(until) => set({ until })} />
    </div>
  );
}

interface TypedProps {
  label: string;
  value: string | undefined;
  list?: string;
  onValue: (value: string | undefined) => void;
}

/** Sent when Enter is pressed or the field is left: half a name matches nothing. */
function Typed({ label, value, list, onValue }: TypedProps) {
  return (
    <input
      key={value}
      className="input"
      type="search"
      aria-label={label}
      placeholder={label}
      list={list}
      defaultValue={value ?? ""}
      onBlur={(event) => event.target.value !== (value ?? "") && onValue(event.target.value || undefined)}
      onKeyDown={(event) => event.key === "Enter" && onValue(event.currentTarget.value || undefined)}
    />
  );
}

function Day({ label, value, onValue }: TypedProps) {
  return (
    <label className="inline-field">
      {label}
      <input
        className="input"
        type="date"
        value={value ?? ""}
        onChange={(event) => onValue(event.target.value || undefined)}
      />
    </label>
  );
}
