import type { ReactNode } from "react";
import { ProblemError } from "@/api/client";

/** What went wrong, and what can be done about it. */
export function ErrorNotice({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const title = error instanceof ProblemError ? error.title : "Something went wrong on this page";
  const detail = error instanceof Error ? error.message : String(error);
  return (
    <div className="notice notice-error" role="alert">
      <div>
        <strong>{title}</strong>
        <p>{detail}</p>
      </div>
      {onRetry && (
        <button type="button" className="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}

export function EmptyState({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** Grey shapes in the place of what is being read for the first time. */
export function Loading({ label, height = 120 }: { label: string; height?: number }) {
  return (
    <div className="skeleton" role="status" style={{ height }}>
      <span className="visually-hidden">{label}</span>
    </div>
  );
}
