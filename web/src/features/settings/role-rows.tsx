import { EVERY_PROJECT, projectWords, type Role, ROLES } from "./access";

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
          <select
            className="input"
            aria-label={`Project ${index + 1}`}
            value={row.project}
            onChange={(event) => set(index, { project: event.target.value })}
          >
            {[row.project, ...free].map((name) => (
              <option key={name} value={name}>
                {projectWords(name)}
              </option>
            ))}
          </select>
          <select
            className="input"
            aria-label={`Role in ${projectWords(row.project)}`}
            value={row.role}
            onChange={(event) => set(index, { role: event.target.value as Role })}
          >
            {ROLES.map(({ role, may }) => (
              <option key={role} value={role}>
                {role}: {may}
              </option>
            ))}
          </select>
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
