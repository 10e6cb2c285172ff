import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";
import { renderAt } from "./render";
import { aJob, server } from "./server";

test("a row shows state, progress and AP of its job", async () => {
  renderAt("/jobs");
  const row = await screen.findByRole("row", { name: /baseline/ });
  expect(within(row).getByText("running")).toBeVisible();
  expect(within(row).getByRole("progressbar", { name: "Progress of baseline" })).toHaveAttribute(
    "aria-valuenow",
    "200",
  );
  expect(within(row).getByText("34.4")).toBeVisible();
});

test("without jobs the page teaches the first step", async () => {
  server.use(http.get("*/api/v1/jobs", () => HttpResponse.json({ items: [], next_cursor: null })));
  renderAt("/jobs");
  expect(await screen.findByText("stillhouse submit recipes/digits/baseline.yaml")).toBeVisible();
});

test("the state filter goes into the URL and to the server", async () => {
  const asked: string[] = [];
  server.use(
    http.get("*/api/v1/jobs", ({ request }) => {
      asked.push(new URL(request.url).search);
      return HttpResponse.json({ items: [aJob()], next_cursor: null });
    }),
  );
  const router = renderAt("/jobs");
  await userEvent.click(await screen.findByRole("button", { name: "failed 2" }));
  await waitFor(() => expect(asked.at(-1)).toContain("state=failed"));
  expect(router.state.location.search).toMatchObject({ state: ["failed"] });
});

test("the server sorts, and the address says how", async () => {
  const asked: string[] = [];
  server.use(
    http.get("*/api/v1/jobs", ({ request }) => {
      asked.push(new URL(request.url).searchParams.get("sort") ?? "");
      return HttpResponse.json({ items: [aJob()], next_cursor: null });
    }),
  );
  const router = renderAt("/jobs");
  await userEvent.click(await screen.findByRole("button", { name: /Best AP/ }));
  await waitFor(() => expect(asked.at(-1)).toBe("-ap"));
  expect(router.state.location.search).toMatchObject({ sort: "-ap" });
  expect(screen.getByRole("columnheader", { name: /Best AP/ })).toHaveAttribute("aria-sort", "descending");
});

test("columns that are chosen are in the address", async () => {
  const router = renderAt("/jobs");
  await userEvent.click(await screen.findByRole("button", { name: "Columns" }));
  await userEvent.click(screen.getByRole("checkbox", { name: "Priority" }));
  expect(await screen.findByRole("columnheader", { name: /Priority/ })).toBeVisible();
  expect(router.state.location.search).toMatchObject({ cols: expect.stringContaining("priority") as string });
});

test("rows share one request for their curves and one for what they gain over", async () => {
  const jobs = ["a", "b", "c"].map((id) =>
    aJob({ id, name: `distilled ${id}`, teacher: "big", best_ap: 33.5 }),
  );
  const asked: string[][] = [];
  const note = (request: Request) => {
    const ids = new URL(request.url).searchParams.getAll("id");
    // The page of the test before may still ask for its own.
    if (jobs.some(({ id }) => ids.includes(id))) asked.push(ids);
  };
  const points = [10, 33.5].map((value, step) => ({ step, value, at: "2026-01-01T00:00:00Z" }));
  server.use(
    http.get("*/api/v1/jobs", () => HttpResponse.json({ items: jobs, next_cursor: null })),
    http.get("*/api/v1/jobs/metrics", ({ request }) => {
      note(request);
      return HttpResponse.json({ items: [{ id: "b", series: [{ key: "val/AP", points }] }] });
    }),
    http.get("*/api/v1/jobs/baselines", ({ request }) => {
      note(request);
      return HttpResponse.json({ by_job: { a: { id: "p", name: "plain", best_ap: 30 } } });
    }),
  );
  renderAt("/jobs");
  expect(await screen.findByText("+3.5")).toHaveAttribute("title", expect.stringContaining("plain"));
  expect(await screen.findByRole("img", { name: "AP of distilled b: from 10.0 to 33.5" })).toBeVisible();
  expect(screen.getAllByRole("img", { name: /^AP of/ })).toHaveLength(1);
  expect(asked).toEqual([
    ["a", "b", "c"],
    ["a", "b", "c"],
  ]);
});

/** A server that notes what is asked of many jobs, and answers when it is told to. */
function slowServer(items: unknown[]) {
  const asked: unknown[] = [];
  let answer: () => void = () => undefined;
  const told = new Promise<void>((resolve) => (answer = resolve));
  server.use(
    http.post("*/api/v1/jobs/bulk", async ({ request }) => {
      asked.push(await request.json());
      await told;
      return HttpResponse.json({ items });
    }),
  );
  return { asked, answer };
}

test("cancelling asks first, and then shows at once what happens", async () => {
  const { asked, answer } = slowServer([{ id: "job-aaaaaaaaaa", state: "cancelling", problem: null }]);
  renderAt("/jobs");
  await userEvent.click(await screen.findByRole("button", { name: "Actions of baseline" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: "Cancel…" }));
  expect(asked).toEqual([]);
  await userEvent.click(await screen.findByRole("button", { name: "Cancel this job" }));
  expect(await screen.findByText("cancelling")).toBeVisible();
  expect(await screen.findByText("asked to stop; it writes a checkpoint first")).toBeVisible();
  await waitFor(() => expect(asked).toMatchObject([{ action: "cancel", ids: ["job-aaaaaaaaaa"] }]));
  answer();
});

test("of the chosen jobs only those are paused that can be, and a refusal is explained", async () => {
  const problem = { status: 409, title: "Not now", detail: "it has just ended" };
  const { asked, answer } = slowServer([{ id: "job-aaaaaaaaaa", state: null, problem }]);
  const other = aJob({ id: "job-bbbbbbbbbb", name: "other", state: "succeeded" });
  server.use(
    http.get("*/api/v1/jobs", () => HttpResponse.json({ items: [aJob(), other], next_cursor: null })),
  );
  renderAt("/jobs");
  await userEvent.click(await screen.findByRole("checkbox", { name: "Select all loaded jobs" }));
  expect(screen.getByText("2 chosen")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Pause 1" }));
  await waitFor(() => expect(asked).toMatchObject([{ action: "pause", ids: ["job-aaaaaaaaaa"] }]));
  expect(await screen.findByText("pausing")).toBeVisible();
  answer();
  expect(await screen.findByText("it has just ended")).toBeVisible();
  const row = screen.getByRole("row", { name: /baseline/ });
  expect(await within(row).findByText("running")).toBeVisible();
});

test("a server that goes away is said to be stale while the rows stay", async () => {
  renderAt("/jobs");
  await screen.findByRole("row", { name: /baseline/ });
  server.use(
    http.get("*/api/v1/jobs", () => HttpResponse.error()),
    http.get("*/api/v1/cluster", () => HttpResponse.error()),
  );
  expect(await screen.findByText(/^Stale/, {}, { timeout: 10_000 })).toBeVisible();
  expect(screen.getByRole("row", { name: /baseline/ })).toBeVisible();
});
