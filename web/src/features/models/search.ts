/** The state of the pages of models that is in their addresses. */
import type { ModelFilter } from "./queries";

const text = (value: unknown) =>
  typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : undefined;

export function readModelsSearch(search: Readonly<Record<string, unknown>>): ModelFilter {
  return { project: text(search.project), text: text(search.text) };
}

export function readModelSearch(search: Readonly<Record<string, unknown>>): { version?: number } {
  const { version } = search;
  return {
    version: typeof version === "number" && Number.isInteger(version) && version > 0 ? version : undefined,
  };
}
