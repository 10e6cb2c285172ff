import { chooseTheme, type ThemeChoice, useThemeChoice } from "@/lib/theme";

const NEXT: Record<ThemeChoice, ThemeChoice> = { system: "light", light: "dark", dark: "system" };
const SIGNS: Record<ThemeChoice, string> = { system: "◐", light: "☀", dark: "☾" };

/** Steps through system, light and dark. */
export function ThemeToggle() {
  const choice = useThemeChoice();
  return (
    <button
      type="button"
      className="button icon small"
      aria-label={`Theme: ${choice}. Switch to ${NEXT[choice]}`}
      title={`Theme: ${choice}`}
      onClick={() => chooseTheme(NEXT[choice])}
    >
      <span aria-hidden="true">{SIGNS[choice]}</span>
    </button>
  );
}
