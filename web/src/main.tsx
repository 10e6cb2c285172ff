import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { makeRouter } from "@/app/router";
import { applyTheme, watchSystemTheme } from "@/lib/theme";
import "uplot/dist/uPlot.min.css";
import "@/styles/tokens.css";
import "@/styles/base.css";
import "@/styles/controls.css";
import "@/styles/tables.css";
import "@/styles/pages.css";
import "@/styles/charts.css";
import "@/styles/form.css";

applyTheme();
watchSystemTheme();

// Polling is the retry: a failed look shows at once as stale, and the next one follows soon.
const client = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: 1_000 } } });
const element = document.getElementById("root");
if (!element) throw new Error("index.html has no element #root");
createRoot(element).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <RouterProvider router={makeRouter(client)} />
    </QueryClientProvider>
  </StrictMode>,
);
