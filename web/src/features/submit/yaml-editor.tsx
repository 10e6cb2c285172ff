import { useRef } from "react";

interface Props {
  text: string;
  error: string | null;
  onChange: (text: string) => void;
}

/** The spec as text. Tab moves on as everywhere, so that the keyboard is never caught here. */
export function YamlEditor({ text, error, onChange }: Props) {
  const gutter = useRef<HTMLPreElement>(null);
  const lines = text.split("\n").length;
  return (
    <div className={error ? "editor invalid" : "editor"}>
      <div className="editor-body">
        <pre className="editor-gutter num" aria-hidden="true" ref={gutter}>
          {Array.from({ length: lines }, (_, index) => index + 1).join("\n")}
        </pre>
        <textarea
          aria-label="Spec as YAML"
          aria-invalid={error !== null}
          aria-describedby="yaml-error"
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          wrap="off"
          value={text}
          onChange={(event) => onChange(event.target.value)}
          onScroll={(event) => {
            if (gutter.current) gutter.current.scrollTop = event.currentTarget.scrollTop;
          }}
        />
      </div>
      <p id="yaml-error" className="editor-status" role="status">
        {error ?? "In step with the form"}
      </p>
    </div>
  );
}
