/** The API's reference at /api/docs: the document of this very server, and requests with the session of this browser. */
import SwaggerUI from "swagger-ui-dist/swagger-ui-es-bundle.js";
import { applyTheme, watchSystemTheme } from "@/lib/theme";
import { showAccount } from "./account";
import "swagger-ui-dist/swagger-ui.css";
import "@/styles/tokens.css";
import "@/styles/base.css";
import "@/styles/controls.css";
import "./api-docs.css";

/** The viewer's own dark colours go by a class of the page. */
function followTheme() {
  const page = document.documentElement;
  const follow = () => page.classList.toggle("dark-mode", page.dataset.theme === "dark");
  new MutationObserver(follow).observe(page, { attributeFilter: ["data-theme"] });
  follow();
}

applyTheme();
watchSystemTheme();
followTheme();
const account = document.getElementById("account");
if (account) void showAccount(account);
SwaggerUI({
  url: "/api/v1/openapi.json",
  dom_id: "#reference",
  presets: [SwaggerUI.presets.apis],
  layout: "BaseLayout",
  deepLinking: true,
  displayOperationId: true,
  docExpansion: "none",
  filter: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: -1,
  defaultModelExpandDepth: 3,
  defaultModelRendering: "example",
  validatorUrl: null,
  requestInterceptor: (request) => {
    // What the server asks of signed-in browsers that change something; see service/access/csrf.py.
    if (new URL(request.url, globalThis.location.origin).origin === globalThis.location.origin)
      request.headers["X-Stillhouse"] = "1";
    return request;
  },
});
