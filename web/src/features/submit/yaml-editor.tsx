import { lazy, Suspense, useMemo } from "react";
import type { FieldError } from "@/api/client";
import { Loading } from "@/components/notices";
import { placeOf } from "@/lib/yaml-document";
import type { Mark } from "./code-editor";

const CodeEditor = lazy(() => import("./code-editor").then((module) => ({ default: module.CodeEditor })));

interface Props {
  text: string;
  error: string | null;
  errors: readonly FieldError[];
  /** What the server says of the spec, in a few words. */
  status: string;
  onChange: (text: string) => void;
}

/** The spec as text, with what is wrong marked where it stands. */
export function YamlEditor({ text, error, errors, status, onChange }: Props) {
  const marks = useMemo(
    () => errors.map(({ field, message }): Mark => ({ ...placeOf(text, field), message })),
    [errors, text],
  );
  return (
    <div className={error ? "editor invalid" : "editor"}>
      <div className="editor-body">
        <Suspense fallback={<Loading label="Opening the editor" height={400} />}>
          <CodeEditor text={text} label="Spec as YAML" marks={marks} onChange={onChange} />
        </Suspense>
      </div>
      <p id="yaml-error" className="editor-status" role="status">
        {error ?? status}
      </p>
    </div>
  );
}
