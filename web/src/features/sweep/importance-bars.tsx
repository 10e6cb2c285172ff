import type { Answers } from "@/api/types";
import { Card } from "@/components/card";
import { shortPath } from "@/lib/format";

/** How much each dimension decides about the objective. */
export function ImportanceBars({ answers }: { answers: Answers }) {
  const known = answers.importances.some((item) => item.importance != null);
  return (
    <Card title="Which dimension decides" actions={<span className="hint">PED-ANOVA over the trials</span>}>
      {known ? (
        <ul className="bars wide-names" aria-label="Importance of each dimension in percent">
          {answers.importances.map(({ path, importance }) => (
            <li key={path}>
              <span className="bar-name" title={path}>
                {shortPath(path)}
              </span>
              <span className="bar-track" aria-hidden="true">
                <span className="bar-fill" style={{ width: `${(importance ?? 0) * 100}%` }} />
              </span>
              <span className="num">{importance == null ? "–" : `${Math.round(importance * 100)} %`}</span>
            </li>
          ))}
        </ul>
      ) : (
        <p className="hint">Known once eight trials have an objective.</p>
      )}
    </Card>
  );
}
