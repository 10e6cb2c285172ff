import { Link } from "@tanstack/react-router";
import type { Schemas } from "@/api/client";
import { Card } from "@/components/card";
import { Findings } from "@/components/findings";
import { formatAp } from "@/lib/format";
import type { Model } from "./queries";

/** What the check found in the weights, and its AP on a sample. */
export function CheckCard({ model }: { model: Model }) {
  const { report } = model;
  return (
    <Card title="What the check found">
      {report ? (
        <>
          <Findings findings={report.findings} />
          {report.sample && <Sample sample={report.sample} />}
          <details className="classes">
            <summary>
              {report.class_names.length} {report.class_names.length === 1 ? "class" : "classes"},{" "}
              {report.precision} weights
            </summary>
            <p className="chips">
              {report.class_names.map((name) => (
                <span key={name} className="kind">
                  {name}
                </span>
              ))}
            </p>
          </details>
        </>
      ) : (
        <p className="hint">The check has not read the weights yet.</p>
      )}
    </Card>
  );
}

function Sample({ sample }: { sample: Schemas["SampleResult"] }) {
  const [name] = sample.dataset.split("@");
  return (
    <p className="lead">
      On {sample.images.toLocaleString("en-US")} images of{" "}
      <Link to="/datasets/$name" params={{ name: name ?? sample.dataset }}>
        {sample.dataset}
      </Link>{" "}
      it has an AP of{" "}
      <strong className="num">{formatAp(sample.metrics["val/AP"] ?? sample.metrics.AP)}</strong>.
    </p>
  );
}
