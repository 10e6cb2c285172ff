import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { Card } from "@/components/card";
import { ErrorNotice, Loading } from "@/components/notices";
import { Segmented } from "@/components/segmented";
import { type Dataset, samplesQuery, type Split } from "./queries";
import { SampleFigure, SampleModal } from "./sample-figure";

export interface SamplesView {
  split?: Split;
  class?: string;
}

interface Props {
  dataset: Dataset;
  view: SamplesView;
  onView: (view: SamplesView) => void;
}

const SPLIT_OPTIONS = [
  { value: "all", label: "Both splits" },
  { value: "train", label: "Training" },
  { value: "val", label: "Validation" },
] as const;

/** Some images with their boxes, as the check drew them. Split and class are in the URL. */
export function Samples({ dataset, view, onView }: Props) {
  const { name, version, num_samples } = dataset;
  const query = useQuery(samplesQuery(name, version, num_samples));
  const [boxes, setBoxes] = useState(true);
  const [opened, setOpened] = useState<number | null>(null);
  const samples = query.data?.items;
  const classes = useMemo(
    () => [...new Set(samples?.flatMap((sample) => sample.boxes.map((box) => box.name)))].sort(),
    [samples],
  );
  const shown = (samples ?? []).filter(
    (sample) =>
      (view.split === undefined || sample.split === view.split) &&
      (view.class === undefined || sample.boxes.some((box) => box.name === view.class)),
  );
  const open = shown.findIndex((sample) => sample.index === opened);
  const current = shown[open];
  if (num_samples === 0) return null;
  return (
    <Card
      title="Sample images"
      actions={
        <>
          {view.class && (
            <button
              type="button"
              className="button small"
              onClick={() => onView({ ...view, class: undefined })}
            >
              with {view.class} <span aria-hidden="true">✕</span>
              <span className="visually-hidden">: show all classes</span>
            </button>
          )}
          <Segmented
            label="Split"
            value={view.split ?? "all"}
            options={SPLIT_OPTIONS}
            onChange={(split) => onView({ ...view, split: split === "all" ? undefined : split })}
          />
          <label className="check">
            <input type="checkbox" checked={boxes} onChange={(event) => setBoxes(event.target.checked)} />
            Boxes
          </label>
        </>
      }
    >
      {query.isError && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Loading label="Reading the sample images" height={220} />}
      {samples && shown.length === 0 && <p className="hint">No sample shows that.</p>}
      <ul className="samples">
        {shown.map((sample) => (
          <li key={sample.index}>
            <button type="button" className="sample-button" onClick={() => setOpened(sample.index)}>
              <SampleFigure sample={sample} classes={classes} boxes={boxes} chosen={view.class} />
            </button>
          </li>
        ))}
      </ul>
      {current && (
        <SampleModal
          sample={current}
          classes={classes}
          onClose={() => setOpened(null)}
          onStep={(by) => setOpened(shown[(open + by + shown.length) % shown.length]?.index ?? null)}
        />
      )}
    </Card>
  );
}
