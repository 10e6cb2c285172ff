import { Link } from "@tanstack/react-router";

/** `production → 3`: which version has which alias. */
export function AliasChips({ name, aliases }: { name: string; aliases: Readonly<Record<string, number>> }) {
  const all = Object.entries(aliases);
  if (all.length === 0) return <span className="faint">none</span>;
  return (
    <>
      {all.map(([alias, version]) => (
        <Link key={alias} to="/models/$name" params={{ name }} search={{ version }} className="chip">
          {alias} <span aria-hidden="true">→</span> {version}
        </Link>
      ))}
    </>
  );
}
