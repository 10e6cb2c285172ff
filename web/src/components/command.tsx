import { CopyButton } from "./copy-button";

/** What to type in a terminal, ready to be copied. */
export function Command({ text }: { text: string }) {
  return (
    <div className="command">
      <pre className="code" tabIndex={0} aria-label="Command">
        {text}
      </pre>
      <CopyButton text={text} />
    </div>
  );
}
