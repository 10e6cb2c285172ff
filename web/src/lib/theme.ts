/** Light or dark: the system's choice unless the person made one, kept in this browser. */
import { useSyncExternalStore } from "react";

export type ThemeChoice = "system" | "light" | "dark";

const KEY = "stillhouse.theme";
const listeners = new Set<() => void>();

function systemIsDark(): MediaQueryList | undefined {
  return typeof globalThis.matchMedia === "function"
    ? globalThis.matchMedia("(prefers-color-scheme: dark)")
    : undefined;
}

export function themeChoice(): ThemeChoice {
  const kept = globalThis.localStorage.getItem(KEY);
  return kept === "light" || kept === "dark" ? kept : "system";
}

function isDark(): boolean {
  const choice = themeChoice();
  return choice === "system" ? (systemIsDark()?.matches ?? false) : choice === "dark";
}

export function applyTheme(): void {
  document.documentElement.dataset.theme = isDark() ? "dark" : "light";
  for (const listener of listeners) listener();
}

export function chooseTheme(choice: ThemeChoice): void {
  if (choice === "system") globalThis.localStorage.removeItem(KEY);
  else globalThis.localStorage.setItem(KEY, choice);
  applyTheme();
}

export function watchSystemTheme(): void {
  systemIsDark()?.addEventListener("change", applyTheme);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether the page is dark now; changes when the person or the system switches. */
export function useIsDark(): boolean {
  return useSyncExternalStore(subscribe, isDark);
}

export function useThemeChoice(): ThemeChoice {
  return useSyncExternalStore(subscribe, themeChoice);
}
