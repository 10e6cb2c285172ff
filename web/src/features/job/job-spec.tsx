import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { stringify } from "yaml";
import { jobQuery } from "@/api/jobs";
import type { Job } from "@/api/types";
import { Card } from "@/components/card";
import { Choice } from "@/components/choice";
import { CopyButton } from "@/components/copy-button";
import { ErrorNotice } from "@/components/notices";
import { SpecDiff } from "@/components/spec-diff";
import { siblingsQuery } from "./queries";

interface Props {
  job: Job;
  other?: string;
  onOther?: (id: string | undefined) => void;
}

/** The spec as it was accepted, all defaults filled in, and where it differs from another job's. */
export function JobSpecView({ job, other, onOther }: Props) {
  const text = useMemo(() => stringify(job.spec), [job.spec]);
  return (
    <Card
      title="Spec"
      actions={
        <>
          {onOther && <OtherJob job={job} other={other} onOther={onOther} />}
          <CopyButton text={text} label="Copy YAML" />
        </>
      }
    >
      {other && other !== job.id && <Against job={job} other={other} />}
      <pre className="code spec" tabIndex={0} aria-label="Spec as YAML">
        {text}
      </pre>
    </Card>
  );
}

function OtherJob({ job, other, onOther }: Required<Pick<Props, "job" | "onOther">> & { other?: string }) {
  const { data } = useQuery(siblingsQuery(job.project));
  const others = data?.items.filter(({ id }) => id !== job.id) ?? [];
  const options = others.map(({ id, name }) => ({ value: id, label: `${name} (${id})` }));
  const known = other === undefined || others.some(({ id }) => id === other);
  return (
    <label className="inline-field">
      Differences to
      <Choice
        small
        none="no other job"
        options={known ? options : [other, ...options]}
        value={other}
        onChange={onOther}
      />
    </label>
  );
}

function Against({ job, other }: { job: Job; other: string }) {
  const { data, error } = useQuery({ ...jobQuery(other), refetchInterval: false });
  if (error) return <ErrorNotice error={error} />;
  return data ? <SpecDiff specs={[job.spec, data.spec]} names={[job.name, data.name]} /> : null;
}
