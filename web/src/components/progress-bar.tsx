import type { JobSummary } from "@/api/types";
import { formatDuration, formatWhole } from "@/lib/format";

interface Props {
  progress: JobSummary["progress"];
  label: string;
  unit: "steps" | "trials";
  live: boolean;
}

/** How far a job is, in steps or trials, with the time to its end. */
export function ProgressBar({ progress, label, unit, live }: Props) {
  const { step, num_steps, eta_s, phase } = progress;
  const share = num_steps > 0 ? Math.min(1, step / num_steps) : 0;
  return (
    <div className="progress">
      <div
        className="progress-track"
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={num_steps}
        aria-valuenow={step}
        aria-valuetext={`${step} of ${num_steps} ${unit}`}
      >
        <div className={live ? "progress-fill live" : "progress-fill"} style={{ width: `${share * 100}%` }} />
      </div>
      <div className="progress-text num">
        <span>
          {formatWhole(step)}
          <span className="faint"> / {num_steps > 0 ? `${formatWhole(num_steps)} ${unit}` : unit}</span>
        </span>
        {live && (eta_s != null ? <span>{formatDuration(eta_s)} left</span> : phase && <span>{phase}</span>)}
      </div>
    </div>
  );
}
