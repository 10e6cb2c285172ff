import { Link } from "@tanstack/react-router";
import { CheckBadge } from "@/components/check-badge";
import { TimeAgo } from "@/components/time-ago";
import { formatAp, formatCount } from "@/lib/format";
import { AliasChips } from "./alias-chips";
import type { ModelSummary } from "./queries";
import { apOf, roleOf, sourceWords } from "./words";
import { ScrollRegion } from "@/components/scroll-region";

/** One row a model, in its newest version. */
export function ModelsTable({ models }: { models: readonly ModelSummary[] }) {
  return (
    <ScrollRegion className="table-wrap" label="Models">
      <table className="table stacked" aria-label="Models">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">State</th>
            <th scope="col">Aliases</th>
            <th scope="col">Detector</th>
            <th scope="col" className="right">
              AP
            </th>
            <th scope="col" className="right">
              Parameters
            </th>
            <th scope="col" className="right">
              Versions
            </th>
            <th scope="col" className="right">
              Newest
            </th>
          </tr>
        </thead>
        <tbody>
          {models.map((model) => (
            <ModelRow key={model.name} model={model} />
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function ModelRow({ model }: { model: ModelSummary }) {
  const { version } = model;
  const ap = apOf(version);
  return (
    <tr>
      <th scope="row" className="cell-name">
        <Link to="/models/$name" params={{ name: model.name }}>
          {model.name}
        </Link>
        <span className="sub">
          <span className="kind">{roleOf(version)}</span> {model.project}
          {version.description && `: ${version.description}`}
        </span>
      </th>
      <td className="cell-state" data-label="State">
        <CheckBadge state={version.state} />
        {version.reason && (
          <span className="sub reason" title={version.reason}>
            {version.reason}
          </span>
        )}
      </td>
      <td data-label="Aliases">
        <AliasChips name={model.name} aliases={model.aliases} />
      </td>
      <td data-label="Detector">
        {version.architecture ?? <span className="faint">not known yet</span>}
        <span className="sub">{sourceWords(version)}</span>
      </td>
      <td className="right num strong" data-label="AP" title={ap ? `On ${ap.on}` : undefined}>
        {formatAp(ap?.value)}
      </td>
      <td className="right num" data-label="Parameters">
        {formatCount(version.num_parameters)}
      </td>
      <td className="right num" data-label="Versions">
        {model.num_versions}
      </td>
      <td className="right" data-label="Newest">
        <TimeAgo at={version.created_at} />
      </td>
    </tr>
  );
}
