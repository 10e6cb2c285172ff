/** The state of the pages of data sets that is in their addresses. */
import type { DatasetFilter } from "./queries";
import type { SamplesView } from "./samples";

export type DatasetSearch = { version?: number } & SamplesView;

const text = (value: unknown) =>
  typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : undefined;

export function readDatasetsSearch(search: Readonly<Record<string, unknown>>): DatasetFilter {
  return { project: text(search.project), text: text(search.text) };
}

export function readDatasetSearch(search: Readonly<Record<string, unknown>>): DatasetSearch {
  const { version, split } = search;
  return {
    version: typeof version === "number" && Number.isInteger(version) && version > 0 ? version : undefined,
    split: split === "train" || split === "val" ? split : undefined,
    class: text(search.class),
  };
}
