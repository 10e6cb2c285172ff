import { Link } from "@tanstack/react-router";
import { CopyButton } from "@/components/copy-button";
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

const COMMAND = "stillhouse submit recipes/digits/baseline.yaml";

/** What to do when nothing was done yet. */
export function FirstStep() {
  return (
    <EmptyState title="Send your first job">
      <p>
        A job trains one small detector, with a teacher or without. Start from a recipe in the browser, or
        send one from a terminal:
      </p>
      <div className="command">
        <pre className="code" tabIndex={0} aria-label="Command">
          {COMMAND}
        </pre>
        <CopyButton text={COMMAND} />
      </div>
      <Link to="/new" className="button primary">
        New job
      </Link>
    </EmptyState>
  );
}
