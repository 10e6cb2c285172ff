/** Who is signed in, for a page without the dashboard's own parts. */
import { api } from "@/api/client";

/** Says in `place` as whom requests are sent, or leads to the sign-in page and back. */
export async function showAccount(place: HTMLElement) {
  const { data: me } = await api.GET("/api/v1/me");
  if (me) {
    place.textContent = `Signed in as ${me.name}`;
    return;
  }
  const link = document.createElement("a");
  const here = globalThis.location.pathname + globalThis.location.hash;
  link.href = `/signin?next=${encodeURIComponent(here)}`;
  link.textContent = "Sign in";
  link.className = "button small";
  place.replaceChildren(link);
}
