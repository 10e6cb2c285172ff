import { useMemo } from "react";
import { formatValue } from "@/lib/format";
import { diffSpecs } from "@/lib/spec-diff";
import { ScrollRegion } from "./scroll-region";

interface Props {
  specs: readonly unknown[];
  names: readonly string[];
}

/** Where specs differ: a row for each path, a column for each spec. */
export function SpecDiff({ specs, names }: Props) {
  const rows = useMemo(() => diffSpecs(specs).filter(({ path }) => path !== "name"), [specs]);
  if (rows.length === 0) return <p className="hint">The specs are the same but for their names.</p>;
  return (
    <ScrollRegion className="table-wrap diff" label="Where the specs differ">
      <table className="table dense">
        <caption className="visually-hidden">Where the specs differ</caption>
        <thead>
          <tr>
            <th scope="col">Field</th>
            {names.map((name, index) => (
              <th key={index} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ path, values }) => (
            <tr key={path}>
              <th scope="row">
                <code>{path}</code>
              </th>
              {values.map((value, index) => (
                <td key={index} className="num">
                  <Value value={value} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function Value({ value }: { value: unknown }) {
  if (value === undefined || value === null) return <span className="faint">not set</span>;
  const isPart = typeof value === "object" && !Array.isArray(value);
  return isPart ? <span title={JSON.stringify(value, null, 2)}>set</span> : formatValue(value);
}
