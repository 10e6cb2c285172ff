import type { Schemas } from "@/api/client";
import { Card } from "@/components/card";
import { formatBytes } from "@/lib/format";
import { SPLITS, type SplitReport } from "./queries";

const SIZES = [
  { key: "small", label: "small", hint: "below 32 × 32 px" },
  { key: "medium", label: "medium", hint: "up to 96 × 96 px" },
  { key: "large", label: "large", hint: "from 96 × 96 px on" },
] as const;

/** How large the boxes are, by COCO's three sizes, and what else each split holds. */
export function BoxSizesCard({ report }: { report: Schemas["DatasetReport"] }) {
  return (
    <Card
      title="Box sizes"
      actions={
        <span className="key">
          {SIZES.map(({ key, label, hint }) => (
            <span key={key} title={hint}>
              <span className={`swatch size-${key}`} /> {label}
            </span>
          ))}
        </span>
      }
    >
      {SPLITS.map(({ split, title }) => {
        const found = report[split];
        return found ? (
          <SplitSizes key={split} title={title} split={found} />
        ) : (
          <p key={split} className="hint">
            {title}: its annotations could not be read.
          </p>
        );
      })}
    </Card>
  );
}

function SplitSizes({ title, split }: { title: string; split: SplitReport }) {
  const total = Math.max(1, split.box_sizes.small + split.box_sizes.medium + split.box_sizes.large);
  const [commonest] = split.image_sizes;
  const words = SIZES.map(
    ({ key, label }) =>
      `${split.box_sizes[key].toLocaleString("en-US")} ${label} (${percent(split.box_sizes[key] / total)})`,
  ).join(", ");
  return (
    <section className="split-sizes" aria-label={title}>
      <h3>{title}</h3>
      <div className="stacked-bar" role="img" aria-label={`${title} boxes: ${words}`}>
        {SIZES.map(({ key }) => (
          <span
            key={key}
            className={`size-${key}`}
            style={{ width: `${(split.box_sizes[key] / total) * 100}%` }}
          />
        ))}
      </div>
      <p className="hint num">{words}</p>
      <p className="hint num">
        {split.images.toLocaleString("en-US")} images ({formatBytes(split.size_bytes)}),{" "}
        {split.images_without_boxes.toLocaleString("en-US")} without boxes
        {split.crowds > 0 && `, ${split.crowds.toLocaleString("en-US")} crowds`}
        {commonest &&
          `; mostly ${commonest.width} × ${commonest.height} px${split.num_image_sizes > 1 ? `, ${split.num_image_sizes} sizes in all` : ""}`}
      </p>
    </section>
  );
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
