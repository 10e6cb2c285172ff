import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";
import { mergeSeries } from "@/api/series";
import { EventParser } from "@/lib/sse";
import { renderAt } from "./render";
import { aJob, sent, server, streaming } from "./server";

const opened = sent("open", { last_event_id: "7" }, "7");

test("events are read however their text was cut, and comments are none", () => {
  const parser = new EventParser();
  const text = `: still here\n\n${sent("state", { a: 1 }, "8")}event: end\ndata: {}\n\n`;
  const events = Array.from(text).flatMap((letter) => parser.push(letter));
  expect(events).toEqual([
    { id: "8", event: "state", data: '{"a":1}' },
    { id: null, event: "end", data: "{}" },
  ]);
});

test("new points are put behind the old ones, and points that came twice count once", () => {
  const at = "2026-01-01T00:00:00Z";
  const point = (step: number) => ({ step, value: step, at });
  const before = [{ key: "a", points: [point(1), point(2)] }];
  const news = [
    { key: "a", points: [point(2), point(3)] },
    { key: "b", points: [point(1)] },
  ];
  expect(mergeSeries(before, news).map(({ points }) => points.map(({ step }) => step))).toEqual([
    [1, 2, 3],
    [1],
  ]);
});

test("progress that the stream brings is shown without asking again", async () => {
  const job = aJob({ revision: 4, progress: { phase: "training", step: 333, num_steps: 800, eta_s: 60 } });
  server.use(http.get("*/api/v1/stream", () => streaming(opened, sent("progress", { job }))));
  renderAt("/jobs");
  const row = await screen.findByRole("row", { name: /baseline/ });
  await waitFor(() => expect(within(row).getByRole("progressbar")).toHaveAttribute("aria-valuenow", "333"));
  expect(screen.getByText("Live")).toBeVisible();
});

test("a stream that was lost is read on from its last event", async () => {
  const asked: (string | null)[] = [];
  const job = aJob({ revision: 4, state: "succeeded" });
  const event = {
    id: 8,
    at: job.updated_at,
    from_state: "running",
    to_state: "succeeded",
    cause: "",
    actor: "",
  };
  server.use(
    http.get("*/api/v1/jobs", () =>
      HttpResponse.json({ items: [asked.length > 1 ? job : aJob()], next_cursor: null }),
    ),
    http.get("*/api/v1/stream", ({ request }) => {
      asked.push(request.headers.get("Last-Event-ID"));
      if (asked.length === 1) return new HttpResponse(opened);
      return streaming(sent("open", { last_event_id: "7" }, "7"), sent("state", { event, job }, "8"));
    }),
  );
  renderAt("/jobs");
  const row = await screen.findByRole("row", { name: /baseline/ });
  expect(await screen.findByText("Polling")).toBeVisible();
  await waitFor(() => expect(within(row).getByText("succeeded")).toBeVisible(), { timeout: 8_000 });
  expect(asked).toEqual([null, "7"]);
  expect(screen.getByText("Live")).toBeVisible();
});
