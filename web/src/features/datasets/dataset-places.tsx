import { Card } from "@/components/card";
import { CopyButton } from "@/components/copy-button";
import { type Dataset, SPLITS } from "./queries";

/** Where the files are, and how a spec names the data set. */
export function DatasetPlaces({ dataset }: { dataset: Dataset }) {
  const named = `data:\n  dataset: ${dataset.name}@${dataset.version}`;
  return (
    <Card title="Use it in a job" actions={<CopyButton text={named} />}>
      <pre className="code">{named}</pre>
      <dl className="pairs">
        {SPLITS.map(({ split, title }) => (
          <div key={split}>
            <dt>{title}</dt>
            <dd className="wrap-anywhere">
              <code>{dataset[split].images}</code>
              <br />
              <code>{dataset[split].annotations}</code>
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
