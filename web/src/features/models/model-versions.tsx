import { Link } from "@tanstack/react-router";
import { Card } from "@/components/card";
import { CheckBadge } from "@/components/check-badge";
import { TimeAgo } from "@/components/time-ago";
import { formatAp, formatCount } from "@/lib/format";
import type { Model, ModelVersion } from "./queries";
import { apOf, sourceWords } from "./words";
import { ScrollRegion } from "@/components/scroll-region";

/** All versions with what tells them apart, the shown one marked. */
export function ModelVersions({ model }: { model: Model }) {
  return (
    <Card title="Versions">
      <ScrollRegion className="table-wrap scroll" label="Versions">
        <table className="table dense stacked" aria-label="Versions">
          <thead>
            <tr>
              <th scope="col">Version</th>
              <th scope="col">State</th>
              <th scope="col" className="right">
                AP
              </th>
              <th scope="col" className="right">
                Parameters
              </th>
              <th scope="col">Comes from</th>
              <th scope="col">Aliases</th>
              <th scope="col">In MLflow</th>
              <th scope="col" className="right">
                Registered
              </th>
            </tr>
          </thead>
          <tbody>
            {model.versions.map((each) => (
              <VersionRow
                key={each.version}
                name={model.name}
                version={each}
                shown={each.version === model.version.version}
              />
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </Card>
  );
}

function VersionRow({ name, version, shown }: { name: string; version: ModelVersion; shown: boolean }) {
  return (
    <tr className={shown ? "highlighted" : undefined}>
      <th scope="row">
        <Link
          to="/models/$name"
          params={{ name }}
          search={{ version: version.version }}
          aria-current={shown ? "true" : undefined}
        >
          {version.version}
        </Link>
      </th>
      <td data-label="State">
        <CheckBadge state={version.state} />
      </td>
      <td className="right num strong" data-label="AP">
        {formatAp(apOf(version)?.value)}
      </td>
      <td className="right num" data-label="Parameters">
        {formatCount(version.num_parameters)}
      </td>
      <td data-label="Comes from">
        {version.job_id ? (
          <Link to="/jobs/$id" params={{ id: version.job_id }}>
            {version.job_id}
          </Link>
        ) : (
          sourceWords(version)
        )}
      </td>
      <td data-label="Aliases">{version.aliases.join(", ") || <span className="faint">none</span>}</td>
      <td data-label="In MLflow">
        <MlflowStanding version={version} />
      </td>
      <td className="right" data-label="Registered">
        <TimeAgo at={version.created_at} />
      </td>
    </tr>
  );
}

function MlflowStanding({ version: { registration } }: { version: ModelVersion }) {
  if (registration.state === "none") return <span className="faint">not there</span>;
  if (registration.state === "done" && registration.url)
    return <a href={registration.url}>version {registration.version}</a>;
  return <span title={registration.note}>{registration.state}</span>;
}
