import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { CheckBadge } from "@/components/check-badge";
import { ConfirmButton } from "@/components/confirm-button";
import { CopyButton } from "@/components/copy-button";
import { Fact, Facts } from "@/components/facts";
import { ErrorNotice } from "@/components/notices";
import { TimeAgo } from "@/components/time-ago";
import { formatNumber } from "@/lib/format";
import { type Dataset, useCheckDataset, useDeleteDataset } from "./queries";
import { RegisterDataset } from "./register-form";

interface Props {
  dataset: Dataset;
  onMade: (dataset: Dataset) => void;
  onDeleted: () => void;
}

/** What a data set is, how its check stands and what can be done with it. */
export function DatasetHeader({ dataset, onMade, onDeleted }: Props) {
  const { name, version } = dataset;
  const check = useCheckDataset();
  const remove = useDeleteDataset();
  const [asking, setAsking] = useState(false);
  const error = check.error ?? remove.error;
  return (
    <header className="job-header">
      <nav aria-label="Breadcrumb" className="crumbs">
        <Link to="/datasets">Data sets</Link>
        <span aria-hidden="true">/</span>
        <Link to="/datasets" search={{ project: dataset.project }}>
          {dataset.project}
        </Link>
      </nav>
      <div className="page-title">
        <h1>{name}</h1>
        <span className="kind">version {version}</span>
        <CheckBadge state={dataset.state} />
        <div className="spacer" />
        <button
          type="button"
          className="button"
          disabled={check.isPending || dataset.state === "checking"}
          onClick={() => check.mutate({ name, version })}
        >
          {dataset.state === "checking" ? "Checking" : "Check again"}
        </button>
        <button type="button" className="button" onClick={() => setAsking(true)}>
          New version
        </button>
        <ConfirmButton
          label="Delete"
          title={`Delete ${name}?`}
          confirm="Delete the data set"
          busy={remove.isPending}
          onConfirm={() => remove.mutate(name, { onSuccess: onDeleted })}
        >
          <p>All its versions are forgotten. Its images and annotations stay where they are.</p>
        </ConfirmButton>
      </div>
      {dataset.reason && (
        <p className={dataset.state === "refused" ? "job-reason failed" : "job-reason"}>{dataset.reason}</p>
      )}
      {error && <ErrorNotice error={error} />}
      {dataset.description && <p>{dataset.description}</p>}
      <DatasetFacts dataset={dataset} />
      {asking && (
        <RegisterDataset
          like={dataset}
          onClose={() => setAsking(false)}
          onMade={(made) => {
            setAsking(false);
            onMade(made);
          }}
        />
      )}
    </header>
  );
}

function DatasetFacts({ dataset }: { dataset: Dataset }) {
  const { train, val } = dataset.report ?? {};
  return (
    <Facts>
      <Fact name="Training images">{formatNumber(train?.images)}</Fact>
      <Fact name="Validation images">{formatNumber(val?.images)}</Fact>
      <Fact name="Boxes">{train && val ? formatNumber(train.instances + val.instances) : "–"}</Fact>
      <Fact name="Classes">{formatNumber(train?.classes.length)}</Fact>
      {dataset.hash && (
        <Fact name="Hash of the content">
          <span title={`${dataset.hash}, over ${dataset.report?.hash_covers ?? "its files"}`}>
            {dataset.hash.slice(0, 12)}
          </span>{" "}
          <CopyButton text={dataset.hash} />
        </Fact>
      )}
      <Fact name="Checked">{dataset.checked_at ? <TimeAgo at={dataset.checked_at} /> : "not yet"}</Fact>
      <Fact name="Registered">
        <TimeAgo at={dataset.created_at} /> by {dataset.created_by}
      </Fact>
    </Facts>
  );
}
