import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { Job } from "@/api/types";
import { Card } from "@/components/card";
import { Choice } from "@/components/choice";
import { ErrorNotice, Loading } from "@/components/notices";
import { BOX_SIZES, type DetectionsFilter, foundWords, judge, type Judged, listed } from "./detections";
import { DetectionsFigure } from "./detections-figure";
import { detectionsQuery } from "./queries";
import "@/styles/detections.css";

export interface DetectionsView extends DetectionsFilter {
  /** The evaluation that is shown; the newest one where none is named. */
  step?: number;
}

interface Props {
  job: Job;
  /** Renewed when the job has evaluated again. */
  newest: number;
  view: DetectionsView;
  onView: (view: DetectionsView) => void;
}

const SHOWN_AT_FIRST = 4;

/** Teacher and student on the same images, worst first. Evaluation and filter are in the URL. */
export function DetectionsCard({ job, newest, view, onView }: Props) {
  const query = useQuery({
    ...detectionsQuery(job.id, view.step, newest),
    placeholderData: keepPreviousData,
  });
  const [numShown, setNumShown] = useState(SHOWN_AT_FIRST);
  const images = query.data?.comparison?.images;
  const judged = useMemo(
    () => judge(images ?? [], { label: view.label, size: view.size }),
    [images, view.label, view.size],
  );
  const labels = useMemo(
    () => [...new Set(images?.flatMap(({ instances }) => instances.map(({ label }) => label)))].sort(),
    [images],
  );
  if (query.isError) return <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data) return <Loading label="Reading the detections" height={220} />;
  const { steps, comparison } = query.data;
  if (!comparison) return null;
  const missed = judged.reduce((sum, one) => sum + one.missed.length, 0);
  const wanted = judged.reduce((sum, one) => sum + one.wanted.length, 0);
  return (
    <Card
      title="What the student misses"
      className="whole"
      actions={<Controls steps={steps} step={comparison.step} labels={labels} view={view} onView={onView} />}
    >
      <p className="hint">
        On {judged.length} validation images at step {comparison.step.toLocaleString("en-US")} the teacher
        finds {missed} of {wanted} objects that the student does not. Detections of at least{" "}
        {comparison.min_score} that overlap an object of their class by {comparison.min_iou} count.
      </p>
      <Key />
      <ul className="compared-list">
        {judged.slice(0, numShown).map((one) => (
          <ComparedRow key={one.image.file_name} jobId={job.id} judged={one} />
        ))}
      </ul>
      {judged.length > numShown && (
        <button type="button" className="button small" onClick={() => setNumShown(judged.length)}>
          Show all {judged.length} images
        </button>
      )}
    </Card>
  );
}

interface ControlsProps {
  steps: readonly number[];
  step: number;
  labels: readonly string[];
  view: DetectionsView;
  onView: (view: DetectionsView) => void;
}

function Controls({ steps, step, labels, view, onView }: ControlsProps) {
  return (
    <>
      <Choice
        small
        aria-label="Class"
        none="All classes"
        options={labels}
        value={view.label}
        onChange={(label) => onView({ ...view, label })}
      />
      <Choice
        small
        aria-label="Size"
        none="All sizes"
        options={BOX_SIZES}
        value={view.size}
        onChange={(size) => onView({ ...view, size })}
      />
      <Choice
        small
        aria-label="Evaluation"
        options={steps.map((each) => ({
          value: String(each),
          label: `step ${each.toLocaleString("en-US")}`,
        }))}
        value={String(step)}
        onChange={(chosen) =>
          onView({ ...view, step: chosen === String(steps.at(-1)) ? undefined : Number(chosen) })
        }
      />
    </>
  );
}

const KEY = [
  ["hit", "found"],
  ["missed", "not found"],
  ["wrong", "detection on nothing"],
] as const;

function Key() {
  return (
    <ul className="compared-key" aria-label="Boxes">
      {KEY.map(([kind, words]) => (
        <li key={kind}>
          <span className={`box ${kind}`} />
          {words}
        </li>
      ))}
    </ul>
  );
}

function ComparedRow({ jobId, judged }: { jobId: string; judged: Judged }) {
  const { image, missed } = judged;
  const url = `/api/v1/jobs/${jobId}/artifacts/${image.picture}`;
  return (
    <li>
      <h3>
        {image.file_name}
        <span className="hint">
          {missed.length > 0 ? ` the student misses ${listed(missed)}` : " the student misses nothing more"}
        </span>
      </h3>
      <div className="compared-pair">
        {(["teacher", "student"] as const).map((model) => (
          <DetectionsFigure
            key={model}
            image={image}
            model={model}
            url={url}
            words={`${model === "teacher" ? "Teacher" : "Student"}: ${foundWords(judged, model)}`}
          />
        ))}
      </div>
    </li>
  );
}
