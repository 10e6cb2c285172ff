import { Link } from "@tanstack/react-router";
import { CheckBadge } from "@/components/check-badge";
import { TimeAgo } from "@/components/time-ago";
import { formatNumber } from "@/lib/format";
import type { DatasetSummary } from "./queries";
import { ScrollRegion } from "@/components/scroll-region";

/** One row a data set, in its newest version. */
export function DatasetsTable({ datasets }: { datasets: readonly DatasetSummary[] }) {
  return (
    <ScrollRegion className="table-wrap" label="Data sets">
      <table className="table stacked" aria-label="Data sets">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">State</th>
            <th scope="col" className="right">
              Classes
            </th>
            <th scope="col" className="right">
              Training images
            </th>
            <th scope="col" className="right">
              Validation images
            </th>
            <th scope="col" className="right">
              Boxes
            </th>
            <th scope="col" className="right">
              Version
            </th>
            <th scope="col" className="right">
              Registered
            </th>
          </tr>
        </thead>
        <tbody>
          {datasets.map((dataset) => (
            <tr key={dataset.name}>
              <th scope="row" className="cell-name">
                <Link to="/datasets/$name" params={{ name: dataset.name }}>
                  {dataset.name}
                </Link>
                <span className="sub">
                  {dataset.project}
                  {dataset.description && `: ${dataset.description}`}
                </span>
              </th>
              <td className="cell-state" data-label="State">
                <CheckBadge state={dataset.state} />
                {dataset.reason && (
                  <span className="sub reason" title={dataset.reason}>
                    {dataset.reason}
                  </span>
                )}
              </td>
              <Count label="Classes" value={dataset.num_classes} />
              <Count label="Training images" value={dataset.num_train_images} />
              <Count label="Validation images" value={dataset.num_val_images} />
              <Count label="Boxes" value={dataset.num_instances} />
              <Count label="Version" value={dataset.version} />
              <td className="right" data-label="Registered">
                <TimeAgo at={dataset.created_at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function Count({ label, value }: { label: string; value: number | null }) {
  return (
    <td className="right num" data-label={label}>
      {formatNumber(value)}
    </td>
  );
}
