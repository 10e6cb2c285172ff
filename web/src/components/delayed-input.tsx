import { type InputHTMLAttributes, useEffect, useRef, useState } from "react";

interface Props extends Omit<InputHTMLAttributes<HTMLInputElement>, "value" | "onChange"> {
  text: string;
  onText: (text: string) => void;
}

const PAUSE_MS = 250;

/** A field whose text is handed on after a short pause, so that not every key asks the server. */
export function DelayedInput({ text, onText, ...rest }: Props) {
  const [draft, setDraft] = useState<string | null>(null);
  const latest = useRef(onText);
  useEffect(() => {
    latest.current = onText;
  }, [onText]);
  useEffect(() => {
    if (draft === null) return;
    const timer = setTimeout(() => {
      latest.current(draft);
      setDraft(null);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [draft]);
  return <input {...rest} value={draft ?? text} onChange={(event) => setDraft(event.target.value)} />;
}
