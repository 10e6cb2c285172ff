import { useState } from "react";
import type { Job, SweepSpec } from "@/api/types";
import type { AxisScale } from "@/charts/axis-scale";
import type { Ranges } from "@/charts/brush";
import { isFinal } from "@/lib/states";
import { ForkModal } from "./fork-modal";
import { RetrainModal } from "./retrain-modal";
import { SteerModal } from "./steer-modal";

interface Props {
  sweep: Job;
  spec: SweepSpec;
  scales: readonly AxisScale[];
  ranges: Ranges;
  winner: number | null;
  /** Addresses of what was made. */
  onJob: (id: string) => void;
  onSweep: (id: string) => void;
}

/** What can be done with a sweep besides cancelling it: steer it, search on from it, train its winner again. */
export function SweepActions({ sweep, spec, scales, ranges, winner, onJob, onSweep }: Props) {
  const [open, setOpen] = useState<"steer" | "fork" | "retrain" | null>(null);
  const close = () => setOpen(null);
  const over = isFinal(sweep.state);
  return (
    <div className="sweep-actions">
      {!over && (
        <button type="button" className="button" onClick={() => setOpen("steer")}>
          Steer
        </button>
      )}
      <button type="button" className="button" onClick={() => setOpen("fork")}>
        Search on
      </button>
      <button
        type="button"
        className={over ? "button primary" : "button"}
        disabled={winner === null}
        title={winner === null ? "No trial has finished yet" : undefined}
        onClick={() => setOpen("retrain")}
      >
        Retrain the winner
      </button>
      {open === "steer" && <SteerModal id={sweep.id} spec={spec} onClose={close} />}
      {open === "fork" && (
        <ForkModal
          sweep={sweep}
          spec={spec}
          scales={scales}
          ranges={ranges}
          onClose={close}
          onMade={onSweep}
        />
      )}
      {open === "retrain" && (
        <RetrainModal id={sweep.id} spec={spec} trial={winner} onClose={close} onMade={onJob} />
      )}
    </div>
  );
}
