import { Link } from "@tanstack/react-router";
import { Command } from "@/components/command";
import { EmptyState } from "@/components/notices";

export function NothingFound() {
  return (
    <EmptyState title="No job matches">
      <p>Change the filter, or</p>
      <Link to="/jobs" className="button">
        show all jobs
      </Link>
    </EmptyState>
  );
}

/** What to do when nothing was done yet. */
export function FirstStep() {
  return (
    <EmptyState title="Send your first job">
      <p>
        A job trains one small detector, with a teacher or without. Start from a recipe in the browser, or
        send one from a terminal:
      </p>
      <Command text="stillhouse submit recipes/digits/baseline.yaml" />
      <Link to="/new" className="button primary">
        New job
      </Link>
    </EmptyState>
  );
}
