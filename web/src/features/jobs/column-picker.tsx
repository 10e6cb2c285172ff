import { Popover } from "radix-ui";
import { COLUMNS, SHOWN_AT_FIRST } from "./columns";

interface Props {
  shown: readonly string[];
  onChange: (shown: readonly string[]) => void;
}

/** Which columns the table has; the choice is part of the address. */
export function ColumnPicker({ shown, onChange }: Props) {
  const toggle = (id: string, on: boolean) =>
    onChange(on ? [...shown, id] : shown.filter((each) => each !== id));
  return (
    <Popover.Root>
      <Popover.Trigger className="button">Columns</Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className="menu picker" align="end" sideOffset={4} aria-label="Columns">
          {COLUMNS.filter(({ id }) => id !== "name").map(({ id = "", meta }) => (
            <label key={id} className="check">
              <input
                type="checkbox"
                checked={shown.includes(id)}
                onChange={(event) => toggle(id, event.target.checked)}
              />
              {meta?.label}
            </label>
          ))}
          <button type="button" className="button small" onClick={() => onChange(SHOWN_AT_FIRST)}>
            As at first
          </button>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
