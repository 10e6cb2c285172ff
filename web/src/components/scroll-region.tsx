import type { ReactNode, Ref } from "react";

interface Props {
  label: string;
  className: string;
  ref?: Ref<HTMLDivElement>;
  children: ReactNode;
}

/** Holds what may be wider or longer than its place. It takes the focus, or the keyboard could not scroll it. */
export function ScrollRegion({ label, className, ref, children }: Props) {
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div ref={ref} className={className} tabIndex={0} role="region" aria-label={`${label}, scrollable`}>
      {children}
    </div>
  );
}
