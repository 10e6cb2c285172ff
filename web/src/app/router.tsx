/** The addresses of the pages. Every page is a chunk of its own, loaded when its link is pointed at. */
import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from "@tanstack/react-router";
import { readDatasetSearch, readDatasetsSearch } from "@/features/datasets/search";
import { readModelSearch, readModelsSearch } from "@/features/models/search";
import { readSettingsSearch } from "@/features/settings/search";
import { readSweepsSearch } from "@/features/sweeps/search";
import { prefetchJob, prefetchJobs, prefetchSweep } from "./prefetch";
import { compareSearch, jobSearch, jobsSearch, type Search, sweepSearch, text } from "./search";
import { NotFound, Shell } from "./shell";

const root = createRootRouteWithContext<{ client: QueryClient }>()({
  component: Shell,
  notFoundComponent: NotFound,
});

const overview = createRoute({
  getParentRoute: () => root,
  path: "/",
  component: lazyRouteComponent(() => import("@/pages/overview-page"), "OverviewPage"),
});

const jobs = createRoute({
  getParentRoute: () => root,
  path: "/jobs",
  validateSearch: jobsSearch,
  loader: ({ context, location }) => prefetchJobs(context.client, jobsSearch(location.search)),
  component: lazyRouteComponent(() => import("@/pages/jobs-page"), "JobsPage"),
});

const job = createRoute({
  getParentRoute: () => root,
  path: "/jobs/$id",
  validateSearch: jobSearch,
  loader: ({ context, params, cause }) => prefetchJob(context.client, params.id, cause === "preload"),
  component: lazyRouteComponent(() => import("@/pages/job-page"), "JobPage"),
});

const compare = createRoute({
  getParentRoute: () => root,
  path: "/compare",
  validateSearch: compareSearch,
  component: lazyRouteComponent(() => import("@/pages/compare-page"), "ComparePage"),
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

const sweeps = createRoute({
  getParentRoute: () => root,
  path: "/sweeps",
  validateSearch: readSweepsSearch,
  component: lazyRouteComponent(() => import("@/pages/sweeps-page"), "SweepsPage"),
});

const sweep = createRoute({
  getParentRoute: () => root,
  path: "/sweeps/$id",
  validateSearch: sweepSearch,
  loader: ({ context, params, cause }) => prefetchSweep(context.client, params.id, cause === "preload"),
  component: lazyRouteComponent(() => import("@/pages/sweep-page"), "SweepPage"),
});

const datasets = createRoute({
  getParentRoute: () => root,
  path: "/datasets",
  validateSearch: readDatasetsSearch,
  component: lazyRouteComponent(() => import("@/pages/datasets-page"), "DatasetsPage"),
});

const dataset = createRoute({
  getParentRoute: () => root,
  path: "/datasets/$name",
  validateSearch: readDatasetSearch,
  component: lazyRouteComponent(() => import("@/pages/dataset-page"), "DatasetPage"),
});

const models = createRoute({
  getParentRoute: () => root,
  path: "/models",
  validateSearch: readModelsSearch,
  component: lazyRouteComponent(() => import("@/pages/models-page"), "ModelsPage"),
});

const model = createRoute({
  getParentRoute: () => root,
  path: "/models/$name",
  validateSearch: readModelSearch,
  component: lazyRouteComponent(() => import("@/pages/model-page"), "ModelPage"),
});

const cluster = createRoute({
  getParentRoute: () => root,
  path: "/cluster",
  component: lazyRouteComponent(() => import("@/pages/cluster-page"), "ClusterPage"),
});

const settings = createRoute({
  getParentRoute: () => root,
  path: "/settings",
  validateSearch: readSettingsSearch,
  component: lazyRouteComponent(() => import("@/pages/settings-page"), "SettingsPage"),
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/signin",
  validateSearch: (search: Search): { next?: string } => ({ next: text(search.next) }),
  component: lazyRouteComponent(() => import("@/pages/sign-in-page"), "SignInPage"),
});

export const routeTree = root.addChildren([
  overview,
  jobs,
  job,
  compare,
  submit,
  sweeps,
  sweep,
  datasets,
  dataset,
  models,
  model,
  cluster,
  settings,
  signIn,
]);

export function makeRouter(client: QueryClient) {
  return createRouter({
    routeTree,
    context: { client },
    defaultPreload: "intent",
    scrollRestoration: true,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
