import { useInfiniteQuery } from "@tanstack/react-query";
import { Card } from "@/components/card";
import { LoadMore } from "@/components/load-more";
import { ErrorNotice, Loading } from "@/components/notices";
import { TimeAgo } from "@/components/time-ago";
import { type AuditEntry, type AuditFilter, auditQuery } from "./audit";
import { AuditFilters } from "./audit-filters";
import { ScrollRegion } from "@/components/scroll-region";

interface Props {
  filter: AuditFilter;
  onFilter: (filter: AuditFilter) => void;
}

/** Who asked for which change, and what came of it. The filter is in the URL. */
export function AuditSection({ filter, onFilter }: Props) {
  const query = useInfiniteQuery(auditQuery(filter));
  const entries = query.data?.pages.flatMap((page) => page.items);
  const filtered = Object.values<unknown>(filter).some((value) => value !== undefined);
  return (
    <Card
      title="Audit log"
      actions={
        <button
          type="button"
          className="button small"
          disabled={query.isFetching}
          onClick={() => void query.refetch()}
        >
          Read again
        </button>
      }
    >
      <p className="hint lead">
        Every request that changed something or wanted to, newest first. It is only ever added to.
      </p>
      <AuditFilters filter={filter} entries={entries ?? []} onChange={onFilter} />
      {query.isError && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Loading label="Reading the audit log" />}
      {entries?.length === 0 && (
        <p className="hint nothing">
          {filtered ? "No entry matches. " : "Nothing was changed yet."}
          {filtered && (
            <button type="button" className="button small" onClick={() => onFilter({})}>
              Clear the filter
            </button>
          )}
        </p>
      )}
      {entries && entries.length > 0 && (
        <ScrollRegion className="table-wrap" label="Audit log">
          <table className="table dense stacked" aria-label="Audit log">
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">Who</th>
                <th scope="col">What</th>
                <th scope="col">Of what</th>
                <th scope="col">Answer</th>
                <th scope="col">From</th>
              </tr>
            </thead>
            <tbody>
              {entries.map((entry) => (
                <EntryRow key={entry.id} entry={entry} filter={filter} onFilter={onFilter} />
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
      <LoadMore query={query} label="Older entries" />
    </Card>
  );
}

function EntryRow({ entry, filter, onFilter }: Props & { entry: AuditEntry }) {
  const { principal, operation } = entry;
  return (
    <tr>
      <td data-label="When">
        <TimeAgo at={entry.at} />
      </td>
      <td data-label="Who">
        {principal ? (
          <button type="button" className="link" onClick={() => onFilter({ ...filter, principal })}>
            {principal}
          </button>
        ) : (
          <span className="faint">nobody known</span>
        )}
      </td>
      <td data-label="What">
        {operation ? (
          <button type="button" className="link" onClick={() => onFilter({ ...filter, operation })}>
            {operation}
          </button>
        ) : (
          <code>{entry.method}</code>
        )}
      </td>
      <td className="wrap" data-label="Of what">
        <code title={`request ${entry.request_id}`}>{entry.target}</code>
      </td>
      <td data-label="Answer">
        <span className={entry.status >= 400 ? "badge badge-failed" : "badge"}>
          {entry.status} {statusWords(entry.status)}
        </span>
      </td>
      <td data-label="From" className="num">
        {entry.client ?? "–"}
      </td>
    </tr>
  );
}

const WORDS: Readonly<Record<number, string>> = {
  200: "done",
  201: "made",
  202: "accepted",
  204: "done",
  400: "not understood",
  401: "not signed in",
  403: "not allowed",
  404: "not found",
  409: "conflict",
  412: "changed meanwhile",
  413: "too large",
  422: "refused",
  429: "too many",
};

function statusWords(status: number): string {
  return WORDS[status] ?? (status >= 500 ? "failed" : status >= 400 ? "refused" : "done");
}
