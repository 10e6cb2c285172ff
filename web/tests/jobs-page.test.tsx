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
  await userEvent.selectOptions(await screen.findByRole("combobox", { name: "State" }), "failed");
  await waitFor(() => expect(asked.at(-1)).toContain("state=failed"));
  expect(router.state.location.search).toMatchObject({ state: ["failed"] });
});

test("cancelling asks first", async () => {
  let cancelled = false;
  server.use(
    http.post("*/api/v1/jobs/job-aaaaaaaaaa/cancel", () => {
      cancelled = true;
      return HttpResponse.json({ ...aJob({ state: "cancelling" }), spec: {}, attempts: [] });
    }),
  );
  renderAt("/jobs");
  await userEvent.click(await screen.findByRole("button", { name: "Cancel baseline" }));
  expect(cancelled).toBe(false);
  await userEvent.click(await screen.findByRole("button", { name: "Cancel this job" }));
  await waitFor(() => expect(cancelled).toBe(true));
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
