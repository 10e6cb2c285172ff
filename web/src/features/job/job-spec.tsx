import { useMemo } from "react";
import { stringify } from "yaml";
import type { Job } from "@/api/types";
import { Card } from "@/components/card";
import { CopyButton } from "@/components/copy-button";

/** The spec as it was accepted, all defaults filled in. */
export function JobSpecView({ job }: { job: Job }) {
  const text = useMemo(() => stringify(job.spec), [job.spec]);
  return (
    <Card title="Spec" actions={<CopyButton text={text} label="Copy YAML" />}>
      <pre className="code spec" tabIndex={0} aria-label="Spec as YAML">
        {text}
      </pre>
    </Card>
  );
}
