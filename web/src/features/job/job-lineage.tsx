import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Job, Lineage } from "@/api/types";
import { Card } from "@/components/card";
import { ErrorNotice, Loading } from "@/components/notices";
import { formatShort } from "@/lib/format";
import { lineageQuery } from "./queries";

/** Where the student comes from: its teacher, the teacher's teacher, and the data of each. */
export function JobLineage({ job }: { job: Job }) {
  const { data, error } = useQuery(lineageQuery(job.id));
  return (
    <Card title="Lineage">
      {error && <ErrorNotice error={error} />}
      {!data && !error && <Loading label="Reading the lineage" height={60} />}
      {data && <Generation lineage={data} title="Student" />}
    </Card>
  );
}

function Generation({ lineage, title }: { lineage: Lineage; title: string }) {
  const { model, weights, job, data, teacher } = lineage;
  return (
    <ol className="lineage">
      <li>
        <span className="lineage-role">{title}</span>
        <div>
          {model && (
            <div>
              <Link to="/models/$name" params={{ name: model.name }}>
                {model.name}
              </Link>{" "}
              <span className="num">version {model.version}</span>
              {model.aliases.map((alias) => (
                <span key={alias} className="tag">
                  {alias}
                </span>
              ))}
            </div>
          )}
          {!model && weights && <div title={weights}>{formatShort(weights)}</div>}
          {job && (
            <div className="sub">
              trained by{" "}
              <Link to="/jobs/$id" params={{ id: job.id }}>
                {job.name}
              </Link>
              {job.code && `, Stillhouse ${job.code}`}
            </div>
          )}
          {data && (
            <div className="sub">
              on {data.dataset ?? "the paths of its spec"}
              {data.hash && (
                <>
                  , data <code title={data.hash}>{data.hash.slice(0, 10)}</code>
                </>
              )}
            </div>
          )}
          {!job && <div className="sub">brought from elsewhere</div>}
        </div>
      </li>
      {teacher && (
        <li className="lineage-next">
          <Generation lineage={teacher} title="Teacher" />
        </li>
      )}
    </ol>
  );
}
