import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";
import { safeNext } from "@/lib/sign-in";
import { renderAt } from "./render";
import { me, server } from "./server";

const refusal = (detail: string) =>
  HttpResponse.json(
    { type: "x", title: "Sign in first", status: 401, detail, instance: "", request_id: "", errors: [] },
    { status: 401 },
  );

/** A server that knows nobody until a session begins; answers what each sign-in sent. */
function strangers() {
  const sent: unknown[] = [];
  let known = false;
  server.use(
    http.get("*/api/v1/me", () => (known ? HttpResponse.json(me) : refusal("sign in"))),
    http.get("*/api/v1/jobs", () =>
      known ? HttpResponse.json({ items: [], next_cursor: null }) : refusal("sign in"),
    ),
    http.get("*/api/v1/cluster", () => (known ? HttpResponse.json({}) : refusal("sign in"))),
    http.post("*/api/v1/session", async ({ request }) => {
      const proof = (await request.json()) as Record<string, string>;
      sent.push(proof);
      if (proof.code === "spent") return refusal("a sign-in link works once");
      known = true;
      return HttpResponse.json(me, { status: 201 });
    }),
    http.delete("*/api/v1/session", () => {
      known = false;
      return new HttpResponse(null, { status: 204 });
    }),
  );
  return sent;
}

test("whom the server does not know is led to the sign-in page, and back after it", async () => {
  const sent = strangers();
  const router = renderAt("/jobs?state=failed");
  await userEvent.type(await screen.findByLabelText(/API token/), "still_abc");
  expect(screen.getByText("stillhouse signin")).toBeVisible();
  expect(screen.queryByRole("navigation", { name: "Main" })).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
  await waitFor(() => expect(router.state.location.pathname).toBe("/jobs"));
  expect(router.state.location.search).toMatchObject({ state: ["failed"] });
  expect(sent).toEqual([{ token: "still_abc" }]);
  expect(await screen.findByText("ada")).toBeVisible();
});

test("a sign-in link is used at once and leaves no trace in the address", async () => {
  const sent = strangers();
  const router = renderAt("/signin#code=one-time");
  await waitFor(() => expect(router.state.location.pathname).toBe("/"));
  expect(sent).toEqual([{ code: "one-time" }]);
  expect(router.state.location.href).not.toContain("one-time");
});

test("a link that was used before is explained", async () => {
  strangers();
  const router = renderAt("/signin#code=spent");
  expect(await screen.findByText("a sign-in link works once")).toBeVisible();
  expect(router.state.location.hash).toBe("");
});

test("signing out leads to the sign-in page", async () => {
  strangers();
  const router = renderAt("/signin#code=one-time");
  await userEvent.click(await screen.findByRole("button", { name: "Sign out" }));
  await waitFor(() => expect(router.state.location.pathname).toBe("/signin"));
  expect(await screen.findByLabelText(/API token/)).toBeVisible();
});

test("a sign-in leads to no other site", () => {
  expect(safeNext("/jobs/job-a?x=1#y")).toBe("/jobs/job-a?x=1#y");
  for (const bad of [
    "//evil.example",
    "/\\evil.example",
    "https://evil.example",
    "javascript:alert(1)",
    undefined,
  ])
    expect(safeNext(bad)).toBe("/");
});
