/** The typed HTTP client: every call answers data or throws a `ProblemError`. */
import createClient from "openapi-fetch";
import type { components, paths } from "./schema";

export type Schemas = components["schemas"];
export type Problem = Schemas["Problem"];
export type FieldError = Schemas["FieldError"];

/** What the server said was wrong, or that it could not be reached (status 0). */
export class ProblemError extends Error {
  readonly status: number;
  readonly title: string;
  readonly errors: readonly FieldError[];

  constructor(problem: { status: number; title: string; detail: string; errors?: readonly FieldError[] }) {
    super(problem.detail || problem.title);
    this.name = "ProblemError";
    this.status = problem.status;
    this.title = problem.title;
    this.errors = problem.errors ?? [];
  }

  /** Whether the server is away or broken, as opposed to having refused the request. */
  get isOutage(): boolean {
    return this.status === 0 || this.status >= 500;
  }
}

export const api = createClient<paths>({
  // Looked up at each call, so that tests can put their own fetch in place.
  fetch: (request) => globalThis.fetch(request),
  baseUrl: globalThis.location.origin,
  // No other site's page can send it: the server wants it with whatever changes things.
  headers: { "X-Stillhouse": "1" },
});

function isProblem(value: unknown): value is Problem {
  return typeof value === "object" && value !== null && "title" in value && "detail" in value;
}

/** Return the data of an API call, or throw what went wrong. */
export async function unwrap<T>(
  call: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  let reply;
  try {
    reply = await call;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ProblemError({
      status: 0,
      title: "The server does not answer",
      detail: "Is `stillhouse up` running?",
    });
  }
  if (reply.response.ok) return reply.data as T;
  const { status, statusText } = reply.response;
  if (isProblem(reply.error)) throw new ProblemError({ ...reply.error, status });
  throw new ProblemError({
    status,
    title: `HTTP ${status}`,
    detail: statusText || "The server gave no reason.",
  });
}
