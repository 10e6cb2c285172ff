/** The audit log and how it is cut down. */
import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";

export type AuditEntry = Schemas["AuditEntry"];

export type AuditFilter = {
  principal?: string;
  operation?: string;
  target?: string;
  refused?: boolean;
  /** Days as `2027-01-31`; the whole last day counts. */
  since?: string;
  until?: string;
};

/** The filter as the API takes it: days become moments of the person's own time. */
export function auditSearch(filter: AuditFilter) {
  return {
    principal: filter.principal,
    operation: filter.operation,
    target: filter.target,
    refused: filter.refused,
    since: filter.since && startOfDay(filter.since, 0),
    until: filter.until && startOfDay(filter.until, 1),
  };
}

function startOfDay(day: string, later: number): string | undefined {
  const moment = new Date(`${day}T00:00:00`);
  if (Number.isNaN(moment.getTime())) return undefined;
  moment.setDate(moment.getDate() + later);
  return moment.toISOString();
}

export function auditQuery(filter: AuditFilter) {
  return infiniteQueryOptions({
    queryKey: ["audit", filter],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET("/api/v1/audit", {
          params: { query: { ...auditSearch(filter), limit: 50, cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: (before) => before,
  });
}
