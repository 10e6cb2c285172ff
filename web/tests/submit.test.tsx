import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";
import { renderAt } from "./render";
import { server } from "./server";

async function openForm() {
  renderAt("/new");
  const yaml = await screen.findByRole<HTMLTextAreaElement>("textbox", { name: "Spec as YAML" });
  return { yaml, steps: screen.getByRole<HTMLInputElement>("textbox", { name: "Steps" }) };
}

test("a change in the form is written into the YAML", async () => {
  const { yaml, steps } = await openForm();
  await userEvent.clear(steps);
  await userEvent.type(steps, "1200");
  expect(yaml.value).toContain("num_steps: 1200");
});

test("a change in the YAML is shown in the form", async () => {
  const { yaml, steps } = await openForm();
  const changed = yaml.value.replace("num_steps: 800", "num_steps: 50 # short");
  await userEvent.clear(yaml);
  await userEvent.click(yaml);
  await userEvent.paste(changed);
  expect(steps).toHaveValue("50");
});

test("switching the teacher on offers every loss of the schema", async () => {
  const { yaml } = await openForm();
  await userEvent.click(screen.getByRole("checkbox", { name: "Learn from a teacher" }));
  expect(screen.getByRole("checkbox", { name: "Rank mimicking" })).toBeChecked();
  expect(screen.getByRole("checkbox", { name: "Feature imitation" })).toBeChecked();
  expect(yaml.value).toContain("kind: feature_imitation");
});

test("broken YAML is explained and cannot be sent", async () => {
  const { yaml } = await openForm();
  await userEvent.clear(yaml);
  await userEvent.click(yaml);
  await userEvent.paste("name: [unclosed");
  expect(screen.getByRole("button", { name: "Submit job" })).toBeDisabled();
  expect(screen.getByText(/^Line 1/)).toBeVisible();
});

test("a refused field says what was found and what is wanted", async () => {
  const field = "training.student.fpn_channels";
  const error = { field, message: "Input should be a multiple of 8", found: 30, wanted: "a multiple of 8" };
  server.use(
    http.post("*/api/v1/jobs", () =>
      HttpResponse.json(
        { title: "Some values are not allowed", detail: "1 field", errors: [error] },
        { status: 422 },
      ),
    ),
  );
  await openForm();
  await userEvent.click(screen.getByRole("button", { name: "Submit job" }));
  expect(await screen.findByText(/Found 30\. Wanted: a multiple of 8\./)).toBeVisible();
  await waitFor(() => expect(screen.getByRole("textbox", { name: "FPN channels" })).toBeInvalid());
});
