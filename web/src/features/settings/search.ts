/** The state of the settings page that is in its address. */
import type { AuditFilter } from "./audit";
import type { DeliveryState } from "./webhooks";
import type { WebhookView } from "./webhooks-section";

export const SETTINGS_TABS = ["tokens", "projects", "webhooks", "audit"] as const;
export type SettingsTab = (typeof SETTINGS_TABS)[number];
export type SettingsSearch = { tab?: SettingsTab } & WebhookView & AuditFilter;

const DELIVERY_STATES: readonly DeliveryState[] = ["pending", "delivered", "failed"];
const DAY = /^\d{4}-\d{2}-\d{2}$/;

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
const day = (value: unknown) => (typeof value === "string" && DAY.test(value) ? value : undefined);

export function readSettingsSearch(search: Readonly<Record<string, unknown>>): SettingsSearch {
  return {
    tab: SETTINGS_TABS.find((tab) => tab === search.tab),
    webhook: text(search.webhook),
    delivery: DELIVERY_STATES.find((state) => state === search.delivery),
    principal: text(search.principal),
    operation: text(search.operation),
    target: text(search.target),
    refused: typeof search.refused === "boolean" ? search.refused : undefined,
    since: day(search.since),
    until: day(search.until),
  };
}
