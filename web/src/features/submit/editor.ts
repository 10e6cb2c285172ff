/** What the fields of the form share: the document, its errors and the way to change it. */
import { createContext, useContext } from "react";
import type { FieldError } from "@/api/client";
import type { Path, SpecKind } from "@/lib/spec-schema";

export interface Editor {
  kind: SpecKind;
  spec: unknown;
  errors: readonly FieldError[];
  set: (path: Path, value: unknown) => void;
}

export const EditorContext = createContext<Editor | null>(null);

export function useEditor(): Editor {
  const editor = useContext(EditorContext);
  if (!editor) throw new Error("a spec field stands outside the spec form");
  return editor;
}

export function fieldName(path: Path): string {
  return path.join(".");
}
