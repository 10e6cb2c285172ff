import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { expect, test, vi } from "vitest";
import type { CodeEditorProps } from "@/features/submit/code-editor";
import { snippets } from "@/lib/snippets";
import { placeOf } from "@/lib/yaml-document";
import { renderAt } from "./render";
import { server } from "./server";

// jsdom measures no text, which CodeMirror needs; what the editor is given and answers is the same.
vi.mock("@/features/submit/code-editor", () => ({
  CodeEditor: ({ text, label, marks, onChange }: CodeEditorProps) => (
    <>
      <textarea aria-label={label} value={text} onChange={(event) => onChange(event.target.value)} />
      <output>{marks.map(({ from, to }) => text.slice(from, to)).join()}</output>
    </>
  ),
}));

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

test("switching the teacher on offers every loss of the schema and starts with two of them", async () => {
  const { yaml } = await openForm();
  await userEvent.click(screen.getByRole("checkbox", { name: "Learn from a teacher" }));
  expect(screen.getByRole("checkbox", { name: "Rank mimicking" })).toBeChecked();
  expect(screen.getByRole("checkbox", { name: "Feature imitation" })).toBeChecked();
  expect(yaml.value).toContain("kind: feature_imitation");
  expect(screen.getByRole("checkbox", { name: "Localisation distillation" })).not.toBeChecked();
  expect(yaml.value).not.toContain("localisation_distillation");
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

test("what is wrong is said while one types, at the field and in the text", async () => {
  const field = "training.num_steps";
  const error = { field, message: "Input should be greater than 0", found: 800, wanted: "at least 1" };
  server.use(
    http.post("*/api/v1/jobs/check", () =>
      HttpResponse.json({ title: "Not allowed", detail: "1 field", errors: [error] }, { status: 422 }),
    ),
  );
  await openForm();
  expect(await screen.findByText("1 field is not right yet: training.num_steps")).toBeVisible();
  expect(screen.getByText(/Wanted: at least 1\./)).toBeVisible();
  expect(screen.getByText("800", { selector: "output" })).toBeVisible();
});

test("every kind of detector can be chosen, and fields that both have are kept", async () => {
  const { yaml } = await openForm();
  await userEvent.type(screen.getByRole("textbox", { name: "FPN channels" }), "64");
  await userEvent.selectOptions(screen.getByRole("combobox", { name: "Detector" }), "fcos");
  expect(yaml.value).toMatch(/student:\s+kind: fcos\s+fpn_channels: 64/);
  await userEvent.selectOptions(screen.getByRole("combobox", { name: "Detector" }), "gfl");
  expect(screen.getByRole("textbox", { name: /bins/i })).toBeVisible();
});

test("a field's place is that of its value, or of what would hold it", () => {
  const text = "a:\n  b: 12\n";
  const at = (field: string) => text.slice(placeOf(text, field).from, placeOf(text, field).to);
  expect(at("a.b")).toBe("12");
  expect(at("a.c")).toContain("b: 12");
});

test("the same submission can be copied for a shell and for Python", () => {
  const texts = snippets("http://x", "name: a\n", { kind: "sweep", name: 'a"""\\' }).map(({ text }) => text);
  expect(texts[0]).toContain("http://x/api/v1/sweeps");
  expect(texts[1]).toContain("stillhouse submit - <<'YAML'\nname: a\nYAML");
  expect(texts[2]).toContain("client.sweeps.submit(spec)");
});
