import type { SelectHTMLAttributes } from "react";

export type Option<T extends string> = T | { value: T; label: string };

type Rest = Pick<
  SelectHTMLAttributes<HTMLSelectElement>,
  "id" | "aria-label" | "aria-describedby" | "aria-invalid"
>;

interface Common<T extends string> extends Rest {
  options: readonly Option<T>[];
  value: T | undefined;
  small?: boolean;
}

/** Always one of the options. */
interface OneOf<T extends string> extends Common<T> {
  none?: undefined;
  onChange: (value: T) => void;
}

/** One of the options or, first in the list, none of them. */
interface OneOrNone<T extends string> extends Common<T> {
  none: string;
  onChange: (value: T | undefined) => void;
}

/** A choice of one of several from a list that opens. */
export function Choice<T extends string>({
  options,
  small,
  none,
  value,
  onChange,
  ...rest
}: OneOf<T> | OneOrNone<T>) {
  const listed = options.map((option) =>
    typeof option === "string" ? { value: option, label: option } : option,
  );
  const choose = (text: string) => {
    const found = listed.find((option) => option.value === text)?.value;
    if (none !== undefined) onChange(found);
    else if (found !== undefined) onChange(found);
  };
  return (
    <select
      className={small ? "input small" : "input"}
      value={value ?? ""}
      onChange={(event) => choose(event.target.value)}
      {...rest}
    >
      {none !== undefined && <option value="">{none}</option>}
      {listed.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}
