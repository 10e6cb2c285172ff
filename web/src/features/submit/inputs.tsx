/** Text fields that keep what is being typed until it means something. */
import { type InputHTMLAttributes, useState } from "react";

type Rest = Omit<InputHTMLAttributes<HTMLInputElement>, "value" | "onChange">;

interface Props extends Rest {
  value: unknown;
  onChange: (value: unknown) => void;
}

export function TextInput({ value, onChange, ...rest }: Props) {
  return (
    <input
      className="input"
      type="text"
      spellCheck={false}
      value={typeof value === "string" ? value : value == null ? "" : JSON.stringify(value)}
      onChange={(event) => onChange(event.target.value === "" ? undefined : event.target.value)}
      {...rest}
    />
  );
}

/** Empty means the default; what is not a number goes to the server as text, which says what is wanted. */
export function NumberInput({ value, onChange, ...rest }: Props) {
  return (
    <DraftInput
      inputMode="decimal"
      {...rest}
      text={value == null ? "" : typeof value === "string" ? value : JSON.stringify(value)}
      onText={(text) => {
        const number = Number(text);
        onChange(text.trim() === "" ? undefined : Number.isFinite(number) ? number : text);
      }}
    />
  );
}

export function ListInput({ value, numeric, onChange, ...rest }: Props & { numeric: boolean }) {
  return (
    <DraftInput
      {...rest}
      text={Array.isArray(value) ? value.join(", ") : ""}
      onText={(text) => {
        const items = text
          .split(",")
          .map((item) => item.trim())
          .filter((item) => item !== "");
        const typed = items.map((item) => (numeric && Number.isFinite(Number(item)) ? Number(item) : item));
        onChange(items.length > 0 ? typed : undefined);
      }}
    />
  );
}

function DraftInput({ text, onText, ...rest }: Rest & { text: string; onText: (text: string) => void }) {
  const [draft, setDraft] = useState<string | null>(null);
  return (
    <input
      className="input num"
      type="text"
      spellCheck={false}
      {...rest}
      value={draft ?? text}
      onChange={(event) => {
        setDraft(event.target.value);
        onText(event.target.value);
      }}
      onBlur={() => setDraft(null)}
    />
  );
}
