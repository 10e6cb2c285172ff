import { useQuery } from "@tanstack/react-query";
import { Choice } from "@/components/choice";
import { DelayedInput } from "@/components/delayed-input";
import { type JobFilter, projectsQuery } from "./queries";

interface Props {
  filter: JobFilter;
  onChange: (filter: JobFilter) => void;
}

const KINDS = [
  { value: "job", label: "Jobs" },
  { value: "sweep", label: "Sweeps" },
] as const;
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
      <Choice
        aria-label="Kind"
        none="Jobs and sweeps"
        options={KINDS}
        value={filter.kind}
        onChange={(kind) => onChange({ ...filter, kind })}
      />
      <Choice
        aria-label="Project"
        none="All projects"
        options={[...new Set([...names, ...(filter.project ? [filter.project] : [])])]}
        value={filter.project}
        onChange={(project) => onChange({ ...filter, project })}
      />
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
