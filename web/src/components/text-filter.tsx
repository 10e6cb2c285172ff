import { useEffect, useState } from "react";

interface Props {
  label: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}

const PATIENCE_MS = 250;

/** A search field that waits until one has stopped typing. */
export function TextFilter({ label, value, onChange }: Props) {
  const [draft, setDraft] = useState<string | null>(null);
  useEffect(() => {
    if (draft === null || draft === (value ?? "")) return;
    const timer = setTimeout(() => onChange(draft === "" ? undefined : draft), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [draft, value, onChange]);
  return (
    <input
      className="input"
      type="search"
      aria-label={label}
      placeholder={label}
      value={draft ?? value ?? ""}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={() => setDraft(null)}
    />
  );
}
