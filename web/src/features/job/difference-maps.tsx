import { type ReactNode, useState } from "react";
import type { Artifact } from "@/api/types";
import { Card } from "@/components/card";

interface Props {
  maps: readonly Artifact[];
  /** What is shown beside the maps, if anything. */
  children: ReactNode;
}

/** Where teacher and student differ on some validation images, at each evaluation. */
export function DifferenceMaps({ maps, children }: Props) {
  const [chosen, setChosen] = useState<number | null>(null);
  const ordered = [...maps].sort((a, b) => a.path.localeCompare(b.path));
  const at = Math.min(chosen ?? ordered.length - 1, ordered.length - 1);
  const map = ordered[at];
  if (!map && !children) return null;
  const step = Number(/maps-(\d+)/.exec(map?.path ?? "")?.[1]).toLocaleString("en-US");
  return (
    <Card
      title="Where teacher and student differ"
      className="whole"
      actions={
        ordered.length > 1 && (
          <label className="slider">
            Step
            <input
              type="range"
              min={0}
              max={ordered.length - 1}
              value={at}
              aria-valuetext={`step ${step}`}
              onChange={(event) => setChosen(Number(event.target.value))}
            />
            <span className="num">{step}</span>
          </label>
        )
      }
    >
      <div className="differences">
        {map && (
          <div>
            <img
              className="maps"
              src={map.url}
              alt={`Validation images at step ${step}, each with its feature difference and its prediction difference`}
            />
            <p className="hint">
              Each row: the image, the difference of features, the difference of predictions; the redder, the
              bigger. Where features cannot be compared, only the predictions are shown.
            </p>
          </div>
        )}
        {children}
      </div>
    </Card>
  );
}
