import type { Schemas } from "@/api/client";

const SPLITS = { train: "training", val: "validation" } as const;

/** What a check found, in words, the errors first. */
export function Findings({ findings }: { findings: readonly Schemas["Finding"][] }) {
  if (findings.length === 0) return <p className="all-well">✓ Nothing is wrong with it.</p>;
  const ordered = [...findings].sort(
    (a, b) => Number(a.severity !== "error") - Number(b.severity !== "error"),
  );
  return (
    <ul className="findings">
      {ordered.map((finding) => (
        <li key={`${finding.code}-${finding.split ?? ""}`} className={`finding ${finding.severity}`}>
          <strong>{finding.severity === "error" ? "✕ error" : "! warning"}</strong>
          <div>
            <p>
              {finding.split && <span className="kind">{SPLITS[finding.split]}</span>} {finding.message}
              {finding.count > 1 && (
                <span className="faint num"> ({finding.count.toLocaleString("en-US")} times)</span>
              )}
            </p>
            {finding.examples.length > 0 && (
              <p className="hint wrap-anywhere">such as {finding.examples.join(", ")}</p>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}
