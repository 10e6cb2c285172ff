import { Link, useLocation } from "@tanstack/react-router";
import { useState } from "react";

const PAGES = [
  { to: "/", label: "Overview" },
  { to: "/jobs", label: "Jobs" },
  { to: "/sweeps", label: "Sweeps" },
  { to: "/datasets", label: "Data sets" },
  { to: "/models", label: "Models" },
  { to: "/cluster", label: "Cluster" },
  { to: "/settings", label: "Settings" },
] as const;

/** The pages in a row; on narrow screens behind a button. */
export function MainNav() {
  const pathname = useLocation({ select: (location) => location.pathname });
  // The menu is open at one address only: it closes when another page is chosen.
  const [openAt, setOpenAt] = useState<string | null>(null);
  const open = openAt === pathname;
  return (
    <>
      <button
        type="button"
        className="button icon menu-button"
        aria-label="Menu"
        aria-expanded={open}
        aria-controls="main-nav"
        onClick={() => setOpenAt(open ? null : pathname)}
      >
        <span aria-hidden="true">{open ? "✕" : "☰"}</span>
      </button>
      <nav id="main-nav" aria-label="Main" className={open ? "main-nav open" : "main-nav"}>
        {PAGES.map(({ to, label }) => (
          <Link key={to} to={to} activeOptions={{ exact: to === "/", includeSearch: false }}>
            {label}
          </Link>
        ))}
        <a href="/mlflow/">MLflow</a>
        <a href="/api/docs">API</a>
      </nav>
      <Link to="/new" className="button primary small new-job">
        New job
      </Link>
    </>
  );
}
