/** Where a sign-in comes from and where it leads. */

/** The one-time code in the fragment of a sign-in link. */
export function codeOf(hash: string): string | null {
  return new URLSearchParams(hash.replace(/^#/, "")).get("code");
}

/** The address of this site that was wanted before the sign-in; never one of another site. */
export function safeNext(next: string | undefined): string {
  if (next === undefined || !next.startsWith("/")) return "/";
  const wanted = new URL(next, globalThis.location.origin);
  const ours = wanted.origin === globalThis.location.origin && wanted.pathname !== "/signin";
  return ours ? wanted.pathname + wanted.search + wanted.hash : "/";
}

/** Pages of this server that are not the dashboard's. */
const OTHER_PAGES = /^\/(mlflow|api)(\/|$)/;

/** Go to the wanted address; `fragment` is what came along from MLflow's pages, which keep their state there. */
export function goOn(next: string | undefined, fragment: string, show: (path: string) => void) {
  const path = safeNext(next);
  if (!OTHER_PAGES.test(path)) show(path);
  else globalThis.location.replace(fragment === "" ? path : `${path}#${fragment.replace(/^#/, "")}`);
}
