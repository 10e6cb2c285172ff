/** The state of the list of sweeps that is in its address. */
import { JOB_STATES } from "@/lib/states";
import type { SweepFilter } from "./queries";

const text = (value: unknown) =>
  typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : undefined;

export function readSweepsSearch(search: Readonly<Record<string, unknown>>): SweepFilter {
  return {
    state: JOB_STATES.find((state) => state === search.state),
    project: text(search.project),
    text: text(search.text),
  };
}
