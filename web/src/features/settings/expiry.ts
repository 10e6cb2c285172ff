/** When a token ends, as the form offers it. */
export const EXPIRIES = [
  { value: "30", label: "in 30 days" },
  { value: "90", label: "in 90 days" },
  { value: "365", label: "in a year" },
  { value: "date", label: "on a date" },
  { value: "never", label: "never" },
] as const;

export type Expiry = (typeof EXPIRIES)[number]["value"];

/** The moment that is sent; null is never. A date ends with its last second, where the person is. */
export function expiresAt(choice: Expiry, date: string, now: Date): string | null {
  if (choice === "never") return null;
  if (choice === "date") return new Date(`${date}T23:59:59`).toISOString();
  return new Date(now.getTime() + Number(choice) * 86_400_000).toISOString();
}

/** How a token stands. */
export function tokenState(
  token: { revoked_at: string | null; expires_at: string | null },
  now: number,
): "active" | "revoked" | "expired" {
  if (token.revoked_at !== null) return "revoked";
  return token.expires_at !== null && Date.parse(token.expires_at) <= now ? "expired" : "active";
}
