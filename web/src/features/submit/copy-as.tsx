import { DropdownMenu } from "radix-ui";
import { useState } from "react";
import { snippets } from "@/lib/snippets";

/** Copies what sends the same spec from a shell or a program. */
export function CopyAs({ text, spec, disabled }: { text: string; spec: unknown; disabled: boolean }) {
  const [said, setSaid] = useState("");
  const copy = (name: string, snippet: string) => {
    navigator.clipboard.writeText(snippet).then(
      () => setSaid(`Copied as ${name}`),
      () => setSaid("The browser does not allow copying here"),
    );
  };
  return (
    <>
      <span className="hint" role="status">
        {said}
      </span>
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger className="button" disabled={disabled}>
          Copy as…
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content className="menu" align="end" sideOffset={4}>
            {snippets(globalThis.location.origin, text, spec).map((snippet) => (
              <DropdownMenu.Item
                key={snippet.name}
                className="menu-item"
                onSelect={() => copy(snippet.name, snippet.text)}
              >
                {snippet.name}
              </DropdownMenu.Item>
            ))}
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
    </>
  );
}
