import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { expect, test, vi } from "vitest";
import { renderAt } from "./render";
import { aJob, server } from "./server";

// jsdom has no canvas to draw curves on.
vi.mock("@/charts/line-chart", () => ({
  LineChart: ({ label }: { label: string }) => <div role="img" aria-label={label} />,
}));

const at = "2026-01-01T00:00:00Z";
const point = (step: number, value: number) => ({ step, value, at });

function twoJobs() {
  const found: Record<string, Record<string, unknown>> = {
    a: {
      ...aJob({ id: "a", name: "plain", best_ap: 30, state: "succeeded" }),
      attempts: [],
      spec: { steps: 10 },
    },
    b: {
      ...aJob({ id: "b", name: "taught", best_ap: 33, state: "succeeded" }),
      attempts: [],
      spec: { steps: 20 },
    },
  };
  const cars: Record<string, number> = { a: 20, b: 50 };
  server.use(
    http.get("*/api/v1/jobs/:id", ({ params }) => HttpResponse.json(found[String(params.id)])),
    http.get("*/api/v1/jobs/:id/metrics", ({ params }) =>
      HttpResponse.json({
        series: [
          { key: "val/AP", points: [point(0, 1), point(10, 30)] },
          { key: "val/AP/bus", points: [point(10, 40)] },
          { key: "val/AP/car", points: [point(10, cars[String(params.id)] ?? 0)] },
          { key: "cost/student_parameters", points: [point(0, 430_000)] },
        ],
      }),
    ),
  );
}

test("jobs of the address are compared: numbers, classes that differ most, specs", async () => {
  twoJobs();
  renderAt("/compare?jobs=%5B%22a%22%2C%22b%22%5D");
  const numbers = await screen.findByRole("table", { name: "The jobs in numbers" });
  const taught = within(numbers).getByRole("row", { name: /taught/ });
  expect(within(taught).getByText("+3.0")).toBeVisible();
  const classes = await screen.findByRole("table", { name: "AP by class in percent" });
  expect(
    within(classes)
      .getAllByRole("rowheader")
      .map((each) => each.textContent),
  ).toEqual(["car", "bus"]);
  const diff = screen.getByRole("table", { name: "Where the specs differ" });
  expect(within(diff).getByRole("row", { name: "steps 10 20" })).toBeVisible();
});

test("a job that is taken out leaves the address", async () => {
  twoJobs();
  const router = renderAt("/compare?jobs=%5B%22a%22%2C%22b%22%5D");
  await userEvent.click(await screen.findByRole("button", { name: "Take out plain" }));
  expect(router.state.location.search).toMatchObject({ jobs: ["b"] });
});
