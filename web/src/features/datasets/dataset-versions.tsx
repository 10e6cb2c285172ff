import { Link } from "@tanstack/react-router";
import { Card } from "@/components/card";
import { CheckBadge } from "@/components/check-badge";
import { TimeAgo } from "@/components/time-ago";
import type { Dataset } from "./queries";

/** All versions, the shown one marked. */
export function DatasetVersions({ dataset }: { dataset: Dataset }) {
  return (
    <Card title="Versions">
      <ul className="rows" aria-label="Versions">
        {dataset.versions.map((each) => (
          <li key={each.version} className={each.version === dataset.version ? "row-item open" : "row-item"}>
            <div className="row-main">
              <Link
                to="/datasets/$name"
                params={{ name: dataset.name }}
                search={{ version: each.version }}
                aria-current={each.version === dataset.version ? "true" : undefined}
              >
                Version {each.version}
              </Link>{" "}
              <CheckBadge state={each.state} />
              <span className="sub">
                {each.hash ? <code>{each.hash.slice(0, 12)}</code> : each.reason || "no hash yet"}
              </span>
            </div>
            <span className="hint">
              <TimeAgo at={each.created_at} /> by {each.created_by}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
