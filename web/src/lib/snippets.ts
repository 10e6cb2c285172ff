/** The same submission from elsewhere: as commands and as a program. */
import { valueAt } from "./spec-schema";

export interface Snippet {
  name: string;
  text: string;
}

export function snippets(origin: string, yaml: string, spec: unknown): Snippet[] {
  const sweep = valueAt(spec, ["kind"]) === "sweep";
  const json = JSON.stringify(spec, null, 2);
  const of = sweep ? "sweeps" : "jobs";
  return [
    {
      name: "curl",
      text: `curl --fail-with-body ${origin}/api/v1/${of} \\
  -H "Authorization: Bearer $STILLHOUSE_TOKEN" -H "Content-Type: application/json" \\
  --data @- <<'JSON'
${json}
JSON
`,
    },
    {
      name: "CLI",
      text: `STILLHOUSE_URL=${origin} stillhouse submit - <<'YAML'
${yaml.trimEnd()}
YAML
`,
    },
    {
      name: "Python",
      text: `import json

from service.sdk import Client

spec = json.loads(${pythonText(json)})
with Client("${origin}") as client:  # reads STILLHOUSE_TOKEN
    job = client.${of}.submit(spec)
    print(job.id)
`,
    },
  ];
}

/** A text as Python writes it, line by line. */
function pythonText(text: string): string {
  const escaped = text.replaceAll("\\", "\\\\").replaceAll('"""', '\\"\\"\\"');
  return `"""\n${escaped}\n"""`;
}
