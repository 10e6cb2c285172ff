import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";
import { renderAt } from "./render";
import { aJob, server } from "./server";

const page = (items: unknown[]) => HttpResponse.json({ items, next_cursor: null });

test("without data sets the page teaches the first step, and its form sends both splits", async () => {
  const sent: unknown[] = [];
  server.use(
    http.get("*/api/v1/datasets", () => page([])),
    http.get("*/api/v1/datasets/*", () => HttpResponse.json({}, { status: 404 })),
    http.post("*/api/v1/datasets", async ({ request }) => {
      sent.push(await request.json());
      const error = { field: "train", message: "there is no file a.json", found: "a.json", wanted: null };
      return HttpResponse.json({ title: "Not found", detail: "x", errors: [error] }, { status: 422 });
    }),
  );
  renderAt("/datasets");
  expect(await screen.findByText("Register your first data set")).toBeVisible();
  await userEvent.click(screen.getAllByRole("button", { name: "Register a data set" })[0] as HTMLElement);
  await userEvent.type(screen.getByLabelText("Name"), "harbour");
  for (const field of screen.getAllByLabelText("Folder of images")) await userEvent.type(field, "images");
  for (const field of screen.getAllByLabelText(/Annotations/)) await userEvent.type(field, "a.json");
  await userEvent.click(screen.getByRole("button", { name: "Register and check" }));
  expect(await screen.findByText("there is no file a.json")).toBeVisible();
  const split = { images: "images", annotations: "a.json", format: "coco" };
  expect(sent).toEqual([{ name: "harbour", project: "default", description: "", train: split, val: split }]);
});

test("moving a waiting job up sends its new priority with the revision that was seen", async () => {
  const sent: unknown[] = [];
  const waiting = (id: string, at: string) =>
    aJob({ id, name: id, state: "queued", created_at: at, revision: 7 });
  server.use(
    http.get("*/api/v1/cluster", () => HttpResponse.json({ nodes: [], holders: [], ray_state: "up" })),
    http.get("*/api/v1/jobs", () =>
      page([waiting("job-first", "2026-01-01T00:00:00Z"), waiting("job-second", "2026-01-02T00:00:00Z")]),
    ),
    http.patch("*/api/v1/jobs/:id", async ({ request, params }) => {
      sent.push([params.id, request.headers.get("If-Match"), await request.json()]);
      return HttpResponse.json({ ...aJob(), spec: {}, attempts: [] });
    }),
  );
  renderAt("/cluster");
  await userEvent.click(await screen.findByRole("button", { name: "Move job-second up" }));
  await waitFor(() => expect(sent).toEqual([["job-second", '"7"', { priority: 1 }]]));
  expect(screen.getByText("job-second is now at place 1 of 2.")).toBeInTheDocument();
});
