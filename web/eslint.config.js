import { readdirSync } from "node:fs";
import js from "@eslint/js";
import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import globals from "globals";
import tseslint from "typescript-eslint";

const features = readdirSync(new URL("./src/features", import.meta.url));
const forbid = (files, group, message) => ({
  files,
  rules: { "no-restricted-imports": ["error", { patterns: [{ group, message }] }] },
});

export default tseslint.config(
  { ignores: ["dist", "node_modules", "src/api/schema.d.ts"] },
  js.configs.recommended,
  { files: ["**/*.mjs", "*.js"], languageOptions: { globals: globals.node } },
  {
    files: ["**/*.{ts,tsx}"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/only-throw-error": "off",
    },
  },
  { files: ["src/**/*.tsx"], ...jsxA11y.flatConfigs.recommended },
  {
    files: ["src/**/*.tsx"],
    // A region that scrolls has to take the focus, or the keyboard cannot scroll it.
    rules: {
      "jsx-a11y/no-noninteractive-tabindex": ["error", { tags: ["pre"], roles: ["log"] }],
      "jsx-a11y/label-has-associated-control": ["error", { controlComponents: ["Choice"] }],
    },
  },
  reactHooks.configs.flat["recommended-latest"],
  // Imports go one way: pages -> features -> charts, components -> lib, api. Features do not know each other.
  ...features.map((feature) =>
    forbid(
      [`src/features/${feature}/**`],
      [
        "@/app/*",
        "@/pages/*",
        ...features.filter((other) => other !== feature).map((other) => `@/features/${other}/*`),
      ],
      "A feature imports only components, charts, lib and api; a page puts features together.",
    ),
  ),
  forbid(
    ["src/components/**", "src/charts/**"],
    ["@/features/*", "@/pages/*", "@/app/*"],
    "Shared parts know nothing of features.",
  ),
  forbid(
    ["src/lib/**", "src/api/**"],
    ["@/components/*", "@/charts/*", "@/features/*", "@/pages/*", "@/app/*"],
    "lib and api are the lowest layer.",
  ),
);
