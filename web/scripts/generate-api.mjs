// Writes src/api/schema.d.ts and src/api/spec-schema.json from ../openapi.json; with --check only compares.
import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";

const source = new URL(process.env.STILLHOUSE_OPENAPI ?? "../../openapi.json", import.meta.url);
const folder = new URL("../src/api/", import.meta.url);
const document = JSON.parse(await readFile(source, "utf8"));

/** The schemas that the two spec roots reach: what the submit form is built from. */
function specSchemas() {
  const all = document.components.schemas;
  const kept = {};
  const visit = (node) => {
    if (Array.isArray(node)) node.forEach(visit);
    else if (node && typeof node === "object") {
      if (typeof node.$ref === "string") take(node.$ref.split("/").pop());
      Object.entries(node).forEach(([key, value]) => key !== "discriminator" && visit(value));
    }
  };
  const take = (name) => {
    if (name in kept) return;
    kept[name] = all[name];
    visit(all[name]);
  };
  const roots = {};
  for (const [kind, path] of [
    ["job", "/api/v1/jobs"],
    ["sweep", "/api/v1/sweeps"],
  ]) {
    const body = document.paths[path].post.requestBody.content["application/json"].schema;
    roots[kind] = body.$ref.split("/").pop();
    take(roots[kind]);
  }
  return JSON.stringify({ roots, schemas: kept }, null, 1) + "\n";
}

// openapi-typescript changes the document it is given, so the schemas are taken first.
const schemas = specSchemas();
const types = astToString(await openapiTS(document));
const outputs = {
  "schema.d.ts": "// Generated from openapi.json by `npm run types`.\n" + types,
  "spec-schema.json": schemas,
};
for (const [name, text] of Object.entries(outputs)) {
  const file = new URL(name, folder);
  if (!process.argv.includes("--check")) {
    await writeFile(file, text);
    continue;
  }
  const present = await readFile(file, "utf8").catch(() => "");
  if (present !== text) {
    console.error(`web/src/api/${name} does not match openapi.json: run \`npm run types\` in web/`);
    process.exitCode = 1;
  }
}
