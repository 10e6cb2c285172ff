import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";
import type { Schemas } from "@/api/client";
import { renderAt } from "./render";
import { server } from "./server";

const token: Schemas["Token"] = {
  id: "tok-bbbbbbbbbb",
  name: "nightly",
  prefix: "still_abcd",
  roles: { digits: "editor" },
  created_at: "2026-01-01T00:00:00Z",
  created_by: "ada",
  expires_at: null,
  revoked_at: null,
  last_used_at: null,
};

function withTokens() {
  const sent: unknown[] = [];
  server.use(
    http.get("*/api/v1/tokens", () => HttpResponse.json({ items: [token], next_cursor: null })),
    http.get("*/api/v1/projects", () => HttpResponse.json({ items: [{ name: "digits" }] })),
    http.post("*/api/v1/tokens", async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json({ ...token, name: "wall", secret: "still_secret" }, { status: 201 });
    }),
  );
  return sent;
}

test("a new token's secret is shown once, with the way to use it", async () => {
  const sent = withTokens();
  renderAt("/settings");
  await screen.findByRole("row", { name: /nightly/ });
  await userEvent.click(screen.getByRole("button", { name: "New token" }));
  const form = within(screen.getByRole("dialog", { name: "New token" }));
  await userEvent.type(form.getByLabelText("Name"), "wall");
  await userEvent.selectOptions(form.getByLabelText("Ends"), "never");
  await userEvent.click(form.getByRole("button", { name: "Make the token" }));
  expect(await screen.findByText("still_secret")).toBeVisible();
  expect(screen.getByText(/export STILLHOUSE_TOKEN=still_secret/)).toBeVisible();
  expect(sent).toEqual([{ name: "wall", roles: { "*": "viewer" }, expires_at: null }]);
  await userEvent.click(screen.getByRole("button", { name: "Close" }));
  expect(screen.queryByText("still_secret")).toBeNull();
});

test("revoking a token asks first", async () => {
  withTokens();
  let revoked = false;
  server.use(
    http.delete("*/api/v1/tokens/tok-bbbbbbbbbb", () => {
      revoked = true;
      return HttpResponse.json({ ...token, revoked_at: "2026-01-02T00:00:00Z" });
    }),
  );
  renderAt("/settings");
  await userEvent.click(await screen.findByRole("button", { name: "Revoke nightly" }));
  expect(revoked).toBe(false);
  await userEvent.click(screen.getByRole("button", { name: "Revoke it" }));
  await waitFor(() => expect(revoked).toBe(true));
});

test("the audit log's filter is in the address and goes to the server", async () => {
  const asked: URLSearchParams[] = [];
  server.use(
    http.get("*/api/v1/audit", ({ request }) => {
      asked.push(new URL(request.url).searchParams);
      return HttpResponse.json({ items: [], next_cursor: null });
    }),
  );
  const router = renderAt("/settings?tab=audit&principal=ada");
  expect(await screen.findByText(/No entry matches/)).toBeVisible();
  await userEvent.selectOptions(screen.getByLabelText("Answer"), "Refused or failed");
  await waitFor(() => expect(asked.at(-1)?.get("refused")).toBe("true"));
  expect(asked.at(-1)?.get("principal")).toBe("ada");
  expect(router.state.location.search).toMatchObject({ tab: "audit", principal: "ada", refused: true });
});
