import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const api = process.env.STILLHOUSE_API ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2000, // the viewer of the API's reference, which no other page loads
    rollupOptions: { input: ["index.html", "api-docs.html"] },
  },
  server: { host: "127.0.0.1", proxy: { "/api": api, "/mlflow": api } },
  test: {
    environment: "jsdom",
    testTimeout: 30_000,
    setupFiles: ["tests/setup.ts"],
    include: ["tests/**/*.test.{ts,tsx}"],
  },
});
