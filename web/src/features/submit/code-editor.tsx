/** The YAML editor: CodeMirror, in the page's colours, with what is wrong marked where it stands. */
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { foldGutter, foldKeymap, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useRef } from "react";

export interface Mark {
  from: number;
  to: number;
  message: string;
}

export interface CodeEditorProps {
  text: string;
  label: string;
  marks: readonly Mark[];
  onChange: (text: string) => void;
}

const COLORS = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--accent)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--good)" },
  { tag: tags.string, color: "var(--bad)" },
  { tag: tags.comment, color: "var(--text-3)", fontStyle: "italic" },
]);

const THEME = EditorView.theme({
  "&": { height: "100%", background: "var(--surface)", color: "var(--text)" },
  "&.cm-focused": { outline: "2px solid var(--focus)", outlineOffset: "-2px" },
  ".cm-scroller": { font: "12.5px/1.55 var(--mono)" },
  ".cm-gutters": {
    borderRight: "1px solid var(--line)",
    background: "var(--surface-2)",
    color: "var(--text-2)",
  },
  ".cm-activeLine, .cm-activeLineGutter": {
    background: "color-mix(in srgb, var(--accent) 6%, transparent)",
  },
  ".cm-content": { caretColor: "var(--text)" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  ".cm-tooltip": {
    border: "1px solid var(--line-strong)",
    background: "var(--surface)",
    color: "var(--text)",
  },
});

// Tab moves on as everywhere on the page, so that the keyboard is never caught here.
const EXTENSIONS = [
  lineNumbers(),
  foldGutter(),
  lintGutter(),
  history(),
  drawSelection(),
  highlightActiveLine(),
  highlightSelectionMatches(),
  yaml(),
  syntaxHighlighting(COLORS),
  THEME,
  keymap.of([...defaultKeymap, ...historyKeymap, ...foldKeymap, ...searchKeymap]),
];

export function CodeEditor({ text, label, marks, onChange }: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef({ text, onChange });
  useEffect(() => {
    latest.current = { text, onChange };
  });
  useEffect(() => {
    if (!host.current) return;
    // In a shadow root CodeMirror adopts its style sheets; in the page it would write style elements, which the
    // content security policy forbids.
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: "open" });
    const made = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: latest.current.text,
        extensions: [
          ...EXTENSIONS,
          EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false", tabindex: "0" }),
          EditorView.updateListener.of((update) => {
            const now = update.state.doc.toString();
            if (update.docChanged && now !== latest.current.text) latest.current.onChange(now);
          }),
        ],
      }),
    });
    view.current = made;
    return () => made.destroy();
  }, [label]);
  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    const before = editor.state.doc.toString();
    if (before !== text) editor.dispatch({ changes: smallestChange(before, text) });
  }, [text]);
  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    const length = editor.state.doc.length;
    const found = marks.map(({ from, to, message }): Diagnostic => {
      const start = Math.min(from, length);
      return { from: start, to: Math.max(start, Math.min(to, length)), message, severity: "error" };
    });
    editor.dispatch(setDiagnostics(editor.state, found));
  }, [marks, text]);
  return <div ref={host} className="code-editor" />;
}

/** Only what differs is replaced, so that cursor, folds and history stay. */
function smallestChange(before: string, after: string) {
  let from = 0;
  while (from < Math.min(before.length, after.length) && before[from] === after[from]) from += 1;
  let same = 0;
  while (
    same < Math.min(before.length, after.length) - from &&
    before[before.length - 1 - same] === after[after.length - 1 - same]
  )
    same += 1;
  return { from, to: before.length - same, insert: after.slice(from, after.length - same) };
}
