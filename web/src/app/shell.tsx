import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { LiveBadge } from "@/components/live-badge";
import { EmptyState } from "@/components/notices";
import { AccountMenu } from "@/features/account/account-menu";
import { LiveConnection } from "./live-connection";
import { MainNav } from "./main-nav";
import { SignInGuard } from "./sign-in-guard";
import { ThemeToggle } from "./theme-toggle";

/** What surrounds every page. */
export function Shell() {
  const signingIn = useLocation({ select: (location) => location.pathname === "/signin" });
  return (
    <>
      <SignInGuard />
      <a className="skip-link" href="#content">
        Skip to the content
      </a>
      <header className="top">
        <Link to="/" className="brand" aria-label="Stillhouse">
          <img src="/logo.svg" width="26" height="26" alt="" />
          <span className="brand-name">Stillhouse</span>
        </Link>
        {signingIn ? <div className="spacer" /> : <Inside />}
        <ThemeToggle />
      </header>
      <div id="content" tabIndex={-1}>
        <Outlet />
      </div>
    </>
  );
}

/** What only people who are signed in have a use for. */
function Inside() {
  return (
    <>
      <LiveConnection />
      <MainNav />
      <div className="spacer" />
      <LiveBadge />
      <AccountMenu />
    </>
  );
}

export function NotFound() {
  return (
    <main className="page">
      <h1>There is no such page</h1>
      <EmptyState title="The address may have a typing error">
        <Link to="/" className="button">
          To the overview
        </Link>
      </EmptyState>
    </main>
  );
}
