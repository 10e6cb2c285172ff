import { Choice } from "@/components/choice";
import { EVERY_PROJECT, projectOption, projectWords, type Role, ROLES } from "./access";

export interface RoleRow {
  project: string;
  role: Role;
}

interface Props {
  rows: readonly RoleRow[];
  projects: readonly string[];
  onChange: (rows: RoleRow[]) => void;
}

/** Which role a token has in which projects. */
export function RoleRows({ rows, projects, onChange }: Props) {
  const free = [EVERY_PROJECT, ...projects].filter((name) => rows.every((row) => row.project !== name));
  const set = (index: number, change: Partial<RoleRow>) =>
    onChange(rows.map((row, at) => (at === index ? { ...row, ...change } : row)));
  return (
    <fieldset className="plain role-rows">
      <legend>What it may do</legend>
      {rows.map((row, index) => (
        <div key={row.project} className="role-row">
          <Choice
            aria-label={`Project ${index + 1}`}
            options={[row.project, ...free].map(projectOption)}
            value={row.project}
            onChange={(project) => set(index, { project })}
          />
          <Choice
            aria-label={`Role in ${projectWords(row.project)}`}
            options={ROLES.map(({ role, may }) => ({ value: role, label: `${role}: ${may}` }))}
            value={row.role}
            onChange={(role) => set(index, { role })}
          />
          <button
            type="button"
            className="button icon"
            aria-label={`Without ${projectWords(row.project)}`}
            disabled={rows.length === 1}
            onClick={() => onChange(rows.filter((_, at) => at !== index))}
          >
            <span aria-hidden="true">✕</span>
          </button>
        </div>
      ))}
      {free.length > 0 && (
        <button
          type="button"
          className="button small"
          onClick={() => onChange([...rows, { project: free[0] ?? EVERY_PROJECT, role: "viewer" }])}
        >
          Add a project
        </button>
      )}
    </fieldset>
  );
}
