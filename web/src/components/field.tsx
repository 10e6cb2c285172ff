import { type ReactNode, useId } from "react";

export interface ControlProps {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
}

interface Props {
  label: string;
  hint?: ReactNode;
  error?: string | null;
  className?: string;
  children: (control: ControlProps) => ReactNode;
}

/** A labelled control of a form, with what is expected of it and what was wrong with it. */
export function Field({ label, hint, error, className = "", children }: Props) {
  const id = useId();
  const about = `${id}-about`;
  return (
    <div className={`field ${className}`}>
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        "aria-describedby": hint || error ? about : undefined,
        "aria-invalid": error ? true : undefined,
      })}
      {(hint || error) && (
        <div id={about}>
          {error && <p className="field-error">{error}</p>}
          {hint && <p className="field-hint">{hint}</p>}
        </div>
      )}
    </div>
  );
}
