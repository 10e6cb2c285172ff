/** The addresses of the pages, and what of their state is in the URL. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { type JobFilter } from "@/features/jobs/queries";
import type { CurveSettings } from "@/features/job/curve-controls";
import type { SweepView } from "@/features/sweep/sweep-results";
import { JOB_STATES } from "@/lib/states";
import { NotFound, Shell } from "./shell";

type Search = Record<string, unknown>;

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
const flag = (value: unknown) => (typeof value === "boolean" ? value : undefined);

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const jobs = createRoute({
  getParentRoute: () => root,
  path: "/",
  validateSearch: (search: Search): JobFilter => {
    const wanted = Array.isArray(search.state) ? search.state : [search.state];
    const state = JOB_STATES.filter((each) => wanted.includes(each));
    return {
      state: state.length > 0 ? state : undefined,
      kind: search.kind === "job" || search.kind === "sweep" ? search.kind : undefined,
      project: text(search.project),
      text: text(search.text),
    };
  },
  component: lazyRouteComponent(() => import("@/pages/jobs-page"), "JobsPage"),
});

const job = createRoute({
  getParentRoute: () => root,
  path: "/jobs/$id",
  validateSearch: (search: Search): CurveSettings => ({
    log: flag(search.log),
    smooth: typeof search.smooth === "number" ? Math.min(0.95, Math.max(0, search.smooth)) : undefined,
  }),
  component: lazyRouteComponent(() => import("@/pages/job-page"), "JobPage"),
});

const sweep = createRoute({
  getParentRoute: () => root,
  path: "/sweeps/$id",
  validateSearch: (search: Search): SweepView => ({
    brush: readRanges(search.brush),
    sort: text(search.sort),
    desc: flag(search.desc),
  }),
  component: lazyRouteComponent(() => import("@/pages/sweep-page"), "SweepPage"),
});

const submit = createRoute({
  getParentRoute: () => root,
  path: "/new",
  validateSearch: (search: Search): { preset?: string; clone?: string } => ({
    preset: text(search.preset),
    clone: text(search.clone),
  }),
  component: lazyRouteComponent(() => import("@/pages/new-page"), "NewPage"),
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/signin",
  validateSearch: (search: Search): { next?: string } => ({ next: text(search.next) }),
  component: lazyRouteComponent(() => import("@/pages/sign-in-page"), "SignInPage"),
});

function readRanges(value: unknown): SweepView["brush"] {
  if (typeof value !== "object" || value === null) return undefined;
  const ranges = Object.entries(value).filter((entry): entry is [string, [number, number]] => {
    const range: unknown = entry[1];
    return Array.isArray(range) && range.length === 2 && range.every((end) => typeof end === "number");
  });
  return ranges.length > 0 ? Object.fromEntries(ranges) : undefined;
}

export const routeTree = root.addChildren([jobs, job, sweep, submit, signIn]);

export function makeRouter() {
  return createRouter({ routeTree, defaultPreload: "intent", scrollRestoration: true });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
