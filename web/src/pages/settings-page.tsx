import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { meQuery } from "@/features/account/queries";
import { AuditSection } from "@/features/settings/audit-section";
import { ProjectsSection } from "@/features/settings/projects-section";
import type { SettingsSearch } from "@/features/settings/search";
import { SettingsTabs } from "@/features/settings/settings-tabs";
import { TokensSection } from "@/features/settings/tokens-section";
import { WebhooksSection } from "@/features/settings/webhooks-section";
import "@/styles/records.css";

const route = getRouteApi("/settings");

export function SettingsPage() {
  const { tab = "tokens", ...view } = route.useSearch();
  const navigate = route.useNavigate();
  const { data: me } = useQuery(meQuery);
  const show = (next: Omit<SettingsSearch, "tab">) =>
    void navigate({ search: { tab, ...next }, replace: true });
  return (
    <main className="page">
      <div className="page-title">
        <h1>Settings</h1>
      </div>
      <SettingsTabs tab={tab} />
      {tab === "tokens" && <TokensSection ownTokenId={me?.token_id} />}
      {tab === "projects" && <ProjectsSection />}
      {tab === "webhooks" && <WebhooksSection view={view} onView={show} />}
      {tab === "audit" && <AuditSection filter={auditOf(view)} onFilter={show} />}
    </main>
  );
}

function auditOf({ principal, operation, target, refused, since, until }: SettingsSearch) {
  return { principal, operation, target, refused, since, until };
}
