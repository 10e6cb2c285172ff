import { useQuery } from "@tanstack/react-query";
import { DelayedInput } from "@/components/delayed-input";
import { type JobFilter, projectsQuery } from "./queries";

interface Props {
  filter: JobFilter;
  onChange: (filter: JobFilter) => void;
}

const PARTS = [
  { name: "tag", label: "Tag" },
  { name: "teacher", label: "Teacher" },
  { name: "student", label: "Student" },
] as const;

/** Text, kind, project and parts by which the server narrows the list. */
export function JobsFilter({ filter, onChange }: Props) {
  const { data: projects } = useQuery(projectsQuery);
  const names = projects?.items.map(({ name }) => name) ?? [];
  return (
    <form
      className="filters"
      role="search"
      aria-label="Filter jobs"
      onSubmit={(event) => event.preventDefault()}
    >
      <DelayedInput
        type="search"
        className="input"
        placeholder="Search name, id, project or tag"
        aria-label="Search jobs"
        text={filter.text ?? ""}
        onText={(text) => onChange({ ...filter, text: text || undefined })}
      />
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
      <select
        className="input"
        aria-label="Project"
        value={filter.project ?? ""}
        onChange={(event) => onChange({ ...filter, project: event.target.value || undefined })}
      >
        <option value="">All projects</option>
        {[...new Set([...names, ...(filter.project ? [filter.project] : [])])].map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      {PARTS.map(({ name, label }) => (
        <DelayedInput
          key={name}
          type="search"
          className="input part"
          placeholder={label}
          aria-label={label}
          text={filter[name] ?? ""}
          onText={(text) => onChange({ ...filter, [name]: text || undefined })}
        />
      ))}
    </form>
  );
}
