import { Link } from "@tanstack/react-router";
import { EmptyState } from "@/components/notices";

export function ComparePage() {
  return (
    <main className="page">
      <h1>Compare</h1>
      <EmptyState title="Nothing is chosen to compare">
        <Link to="/jobs" className="button">
          Choose jobs
        </Link>
      </EmptyState>
    </main>
  );
}
