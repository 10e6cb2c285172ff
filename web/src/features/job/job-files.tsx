import type { Artifact, Job } from "@/api/types";
import { Card } from "@/components/card";
import { formatBytes } from "@/lib/format";
import { JobLineage } from "./job-lineage";
import { PromoteForm } from "./promote-form";

/** What a job left: its files, where its student comes from, and the way to hand the student over. */
export function JobFiles({ job, artifacts }: { job: Job; artifacts: readonly Artifact[] }) {
  const hasStudent = artifacts.some(({ path }) => /(^|\/)student\.(safetensors|onnx)$/.test(path));
  return (
    <div className="grid-two">
      <Card title="Files">
        {artifacts.length === 0 ? (
          <p className="hint">The job has left no files yet; its student is kept when it ends.</p>
        ) : (
          <ul className="files">
            {artifacts.map(({ path, size_bytes, sha256, url }) => (
              <li key={path}>
                <a href={url} download title={sha256 === null ? path : `${path}, SHA-256 ${sha256}`}>
                  {path}
                </a>
                <span className="num faint">{formatBytes(size_bytes)}</span>
              </li>
            ))}
          </ul>
        )}
      </Card>
      <div className="stack">
        {hasStudent && job.state === "succeeded" && <PromoteForm job={job} />}
        <JobLineage job={job} />
      </div>
    </div>
  );
}
