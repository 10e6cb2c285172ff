import { Link } from "@tanstack/react-router";
import { SETTINGS_TABS, type SettingsTab } from "./search";

const TITLES: Record<SettingsTab, string> = {
  tokens: "Tokens",
  projects: "Projects",
  webhooks: "Webhooks",
  audit: "Audit log",
};

/** Parts of the settings, each under its own address. */
export function SettingsTabs({ tab }: { tab: SettingsTab }) {
  return (
    <nav className="tabs" aria-label="Settings">
      {SETTINGS_TABS.map((each) => (
        <Link
          key={each}
          to="/settings"
          search={{ tab: each }}
          aria-current={each === tab ? "page" : undefined}
          activeOptions={{ exact: true, includeSearch: true }}
        >
          {TITLES[each]}
        </Link>
      ))}
    </nav>
  );
}
