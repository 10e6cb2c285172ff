/** Puts what a stream brings into the cache, gathered over a short time so that a burst draws the page once. */
import type { QueryClient } from "@tanstack/react-query";
import { isFinal } from "@/lib/states";
import type { StreamMessage } from "./event-stream";
import { mergeSeries } from "./series";
import type { Job, JobSummary, MetricSeries } from "./types";

const GATHER_MS = 120;
const LISTS_EVERY_MS = 1_000;
// Who has scrolled further than this reads the past: its rows are renewed where they are, and none are put in.
const MOST_PAGES_READ_AGAIN = 2;

interface Listed {
  items: { id: string }[];
}

function numPages(data: unknown): number {
  return typeof data === "object" && data !== null && "pages" in data && Array.isArray(data.pages)
    ? data.pages.length
    : 1;
}

export class LiveCache {
  readonly #client: QueryClient;
  readonly #jobs = new Map<string, JobSummary>();
  readonly #series = new Map<string, MetricSeries[]>();
  readonly #outdated = new Set<string>();
  #listsOutdated = false;
  #lastLists = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: QueryClient) {
    this.#client = client;
  }

  /** `jobId`: whose curves `metrics` brings. */
  take(message: StreamMessage, jobId: string | null): void {
    switch (message.event) {
      case "state":
        this.#keep(message.data.job);
        this.#outdated.add(message.data.job.id);
        this.#listsOutdated = true;
        break;
      case "progress":
        this.#keep(message.data.job);
        break;
      case "metrics":
        if (jobId !== null)
          this.#series.set(jobId, [...(this.#series.get(jobId) ?? []), ...message.data.series]);
        break;
      default:
        return;
    }
    this.#timer ??= setTimeout(() => this.flush(), GATHER_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /**
   * Ask anew for what was read before `moment`: changes in between may have been missed. Of a job that has ended only
   * the job itself is read, not all that hangs on it.
   */
  refresh(moment: number): void {
    void this.#client.invalidateQueries({
      predicate: ({ queryKey: [name, id, part], state }) =>
        ["jobs", "sweeps", "job", "counts"].includes(String(name)) &&
        state.dataUpdatedAt < moment &&
        !(part !== undefined && name === "job" && this.#hasEnded(String(id))),
    });
  }

  #hasEnded(id: string): boolean {
    const job = this.#client.getQueryData<Job>(["job", id]);
    return job !== undefined && isFinal(job.state);
  }

  #keep(job: JobSummary): void {
    const known = this.#jobs.get(job.id);
    if (!known || known.revision <= job.revision) this.#jobs.set(job.id, job);
  }

  flush(): void {
    this.#timer = undefined;
    for (const job of this.#jobs.values()) this.#updateJob(job);
    this.#updateLists();
    for (const [id, news] of this.#series) this.#updateCurves(id, news);
    this.#jobs.clear();
    this.#series.clear();
    for (const id of this.#outdated) {
      for (const part of [[], ["events"], ["artifacts"], ["trials"]])
        void this.#client.invalidateQueries({ queryKey: ["job", id, ...part], exact: true });
    }
    this.#outdated.clear();
    if (this.#listsOutdated) this.#refreshLists();
  }

  #updateJob(job: JobSummary): void {
    this.#client.setQueryData<Job>(["job", job.id], (before) =>
      before && before.revision <= job.revision ? { ...before, ...job } : before,
    );
    if (job.kind === "sweep") void this.#client.invalidateQueries({ queryKey: ["job", job.id, "trials"] });
  }

  #updateLists(): void {
    if (this.#jobs.size === 0) return;
    const renew = <T extends Listed>(page: T): T => {
      if (!page.items.some(({ id }) => this.#jobs.has(id))) return page;
      return { ...page, items: page.items.map((item) => this.#jobs.get(item.id) ?? item) };
    };
    for (const name of ["jobs", "sweeps"])
      this.#client.setQueriesData<Listed | { pages: Listed[] }>({ queryKey: [name] }, (before) => {
        if (!before) return before;
        return "pages" in before ? { ...before, pages: before.pages.map(renew) } : renew(before);
      });
  }

  #updateCurves(id: string, news: MetricSeries[]): void {
    this.#client.setQueriesData<{ series: MetricSeries[] }>({ queryKey: ["job", id, "metrics"] }, (before) =>
      before ? { ...before, series: mergeSeries(before.series, news) } : before,
    );
    // An evaluation logs more than a stream carries: AP of classes, diagnostics.
    if (news.some(({ key }) => key === "val/AP"))
      setTimeout(() => void this.#client.invalidateQueries({ queryKey: ["job", id, "metrics"] }), 1_500);
  }

  #refreshLists(): void {
    const wait = this.#lastLists + LISTS_EVERY_MS - Date.now();
    if (wait > 0) {
      this.#timer ??= setTimeout(() => this.flush(), wait);
      return;
    }
    this.#lastLists = Date.now();
    this.#listsOutdated = false;
    void this.#client.invalidateQueries({
      predicate: ({ queryKey: [name], state }) =>
        ["jobs", "sweeps", "counts"].includes(String(name)) && numPages(state.data) <= MOST_PAGES_READ_AGAIN,
    });
  }
}
