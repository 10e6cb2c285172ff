import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { CheckBadge } from "@/components/check-badge";
import { ConfirmButton } from "@/components/confirm-button";
import { CopyButton } from "@/components/copy-button";
import { Fact, Facts } from "@/components/facts";
import { ErrorNotice } from "@/components/notices";
import { TimeAgo } from "@/components/time-ago";
import { formatAp, formatBytes, formatCount, formatNumber } from "@/lib/format";
import { type Model, useCheckModel, useDeleteModel } from "./queries";
import { RegisterModel } from "./register-model";
import { apOf, roleOf, sourceWords } from "./words";

interface Props {
  model: Model;
  onMade: (model: Model) => void;
  onDeleted: () => void;
}

/** What a version of a model is, how its check stands and what can be done with it. */
export function ModelHeader({ model, onMade, onDeleted }: Props) {
  const { name, version } = model;
  const check = useCheckModel();
  const remove = useDeleteModel();
  const [asking, setAsking] = useState(false);
  const error = check.error ?? remove.error;
  return (
    <header className="job-header">
      <nav aria-label="Breadcrumb" className="crumbs">
        <Link to="/models">Models</Link>
        <span aria-hidden="true">/</span>
        <Link to="/models" search={{ project: model.project }}>
          {model.project}
        </Link>
      </nav>
      <div className="page-title">
        <h1>{name}</h1>
        <span className="kind">version {version.version}</span>
        <span className="kind">{roleOf(version)}</span>
        <CheckBadge state={version.state} />
        <div className="spacer" />
        {version.state === "ready" && (
          <a
            className="button primary"
            href={`/api/v1/models/${encodeURIComponent(name)}/versions/${version.version}/weights`}
            download
          >
            Download weights
          </a>
        )}
        <button
          type="button"
          className="button"
          disabled={check.isPending || version.state === "checking"}
          onClick={() => check.mutate({ name, version: version.version })}
        >
          {version.state === "checking" ? "Checking" : "Check again"}
        </button>
        <button type="button" className="button" onClick={() => setAsking(true)}>
          New version
        </button>
        <ConfirmButton
          label="Delete"
          title={`Delete ${name}?`}
          confirm="Delete the model"
          busy={remove.isPending}
          onConfirm={() => remove.mutate(name, { onSuccess: onDeleted })}
        >
          <p>All its versions and aliases are forgotten. Files, and what MLflow has, stay where they are.</p>
        </ConfirmButton>
      </div>
      {version.reason && (
        <p className={version.state === "refused" ? "job-reason failed" : "job-reason"}>{version.reason}</p>
      )}
      {error && <ErrorNotice error={error} />}
      {version.description && <p>{version.description}</p>}
      <ModelFacts model={model} />
      {asking && (
        <RegisterModel
          like={model}
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

function ModelFacts({ model: { version } }: { model: Model }) {
  const ap = apOf(version);
  return (
    <Facts>
      <Fact name="AP">
        <span title={ap ? `On ${ap.on}` : undefined}>{formatAp(ap?.value)}</span>
      </Fact>
      <Fact name="Detector">{version.architecture ?? "–"}</Fact>
      <Fact name="Parameters">{formatCount(version.num_parameters)}</Fact>
      <Fact name="Classes">{formatNumber(version.num_classes)}</Fact>
      {version.image_size_px !== null && <Fact name="Image size">{version.image_size_px} px</Fact>}
      <Fact name="File">{formatBytes(version.size_bytes)}</Fact>
      {version.sha256 && (
        <Fact name="SHA-256">
          <span title={version.sha256}>{version.sha256.slice(0, 12)}</span>{" "}
          <CopyButton text={version.sha256} />
        </Fact>
      )}
      <Fact name="Comes from">
        {version.job_id ? (
          <Link to="/jobs/$id" params={{ id: version.job_id }}>
            {version.job_id}
          </Link>
        ) : (
          sourceWords(version)
        )}
      </Fact>
      <Fact name="Registered">
        <TimeAgo at={version.created_at} /> by {version.created_by}
      </Fact>
    </Facts>
  );
}
