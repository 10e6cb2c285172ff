/** What a refused request says about single fields of a form. */
import { ProblemError } from "@/api/client";

/** The words about a field or what is inside it; null where the server had nothing against it. */
export function fieldProblem(error: unknown, field: string): string | null {
  if (!(error instanceof ProblemError)) return null;
  const about = error.errors.filter((each) => each.field === field || each.field.startsWith(`${field}.`));
  if (about.length === 0) return null;
  return about.map(({ message, wanted }) => (wanted ? `${message}. Wanted: ${wanted}.` : message)).join(" ");
}

/** Whether all that is wrong is said beside the fields of a form. */
export function isAllBesideFields(error: unknown, fields: readonly string[]): boolean {
  if (!(error instanceof ProblemError) || error.errors.length === 0) return false;
  return error.errors.every(({ field }) =>
    fields.some((known) => field === known || field.startsWith(`${known}.`)),
  );
}
