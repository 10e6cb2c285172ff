import { Segmented } from "@/components/segmented";

export interface CurveSettings {
  log?: boolean;
  smooth?: number;
}

interface Props {
  settings: CurveSettings;
  onChange: (settings: CurveSettings) => void;
}

/** How loss curves are drawn: axis and smoothing. */
export function CurveControls({ settings, onChange }: Props) {
  const strength = settings.smooth ?? 0;
  return (
    <>
      <label className="slider">
        Smoothing
        <input
          type="range"
          min={0}
          max={0.95}
          step={0.05}
          value={strength}
          onChange={(event) => onChange({ ...settings, smooth: Number(event.target.value) || undefined })}
        />
        <span className="num">{strength.toFixed(2)}</span>
      </label>
      <Segmented
        label="Axis of the losses"
        value={settings.log ? "log" : "linear"}
        options={[
          { value: "linear", label: "Linear" },
          { value: "log", label: "Log" },
        ]}
        onChange={(axis) => onChange({ ...settings, log: axis === "log" || undefined })}
      />
    </>
  );
}
