import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { JobSummary } from "@/api/types";
import { TimeAgo } from "@/components/time-ago";
import { formatNumber } from "@/lib/format";

interface Props {
  job: JobSummary;
  place: number;
  last: number;
  busy: boolean;
  dragged: boolean;
  onDrag: (place: number | null) => void;
  onDrop: () => void;
  onMove: (to: number) => void;
}

/** One job that waits: its place, what it needs, why it waits, and the ways to move it. */
export function QueueRow({ job, place, last, busy, dragged, onDrag, onDrop, onMove }: Props) {
  const [over, setOver] = useState(false);
  const { cpus, gpus } = job.resources;
  return (
    <li
      className={`queue-row${dragged ? " dragged" : ""}${over ? " over" : ""}`}
      draggable={!busy && last > 0}
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", job.id);
        onDrag(place);
      }}
      onDragEnd={() => onDrag(null)}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        onDrop();
      }}
    >
      <span className="queue-place num">{place + 1}</span>
      <div className="row-main">
        <Link to={job.kind === "sweep" ? "/sweeps/$id" : "/jobs/$id"} params={{ id: job.id }}>
          <strong>{job.name}</strong>
        </Link>{" "}
        <span className={`kind kind-${job.kind}`}>{job.kind}</span>
        <span className="sub">{job.reason || "waits for its turn"}</span>
        <span className="sub num">
          {job.project}, {formatNumber(cpus)} CPU{gpus ? `, ${formatNumber(gpus)} GPU` : ""}
          {job.kind === "sweep" && " a trial"}, priority {job.priority}, waits for{" "}
          <TimeAgo at={job.created_at} suffix="" />
        </span>
      </div>
      <div className="row-actions">
        <Step
          label={`Move ${job.name} to the front`}
          sign="⤒"
          off={busy || place === 0}
          onClick={() => onMove(0)}
        />
        <Step
          label={`Move ${job.name} up`}
          sign="↑"
          off={busy || place === 0}
          onClick={() => onMove(place - 1)}
        />
        <Step
          label={`Move ${job.name} down`}
          sign="↓"
          off={busy || place === last}
          onClick={() => onMove(place + 1)}
        />
      </div>
    </li>
  );
}

interface StepProps {
  label: string;
  sign: string;
  off: boolean;
  onClick: () => void;
}

/** Kept in reach of the focus while a move is sent, so that the keyboard can press it again. */
function Step({ label, sign, off, onClick }: StepProps) {
  return (
    <button
      type="button"
      className="button icon small"
      aria-label={label}
      aria-disabled={off}
      title={label}
      onClick={() => !off && onClick()}
    >
      <span aria-hidden="true">{sign}</span>
    </button>
  );
}
