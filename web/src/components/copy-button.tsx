import { useEffect, useState } from "react";

/** Copies a text and says so for a moment. */
export function CopyButton({ text, label = "Copy" }: { text: string | (() => string); label?: string }) {
  const [said, setSaid] = useState("");
  useEffect(() => {
    if (said === "") return;
    const timer = setTimeout(() => setSaid(""), 1600);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = () => {
    navigator.clipboard.writeText(typeof text === "string" ? text : text()).then(
      () => setSaid("Copied"),
      () => setSaid("Not allowed here"),
    );
  };
  return (
    <button type="button" className="button small" onClick={copy} aria-live="polite">
      {said || label}
    </button>
  );
}
