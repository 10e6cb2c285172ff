import { type ReactNode, useState } from "react";
import { ConfirmDialog } from "./confirm-dialog";

interface Props {
  label: string;
  ariaLabel?: string;
  title: string;
  confirm: string;
  children: ReactNode;
  busy?: boolean;
  small?: boolean;
  onConfirm: () => void;
}

/** A button that asks before it acts. */
export function ConfirmButton({ label, ariaLabel, title, confirm, children, busy, small, onConfirm }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className={small ? "button small danger" : "button danger"}
        aria-label={ariaLabel}
        disabled={busy}
        onClick={() => setOpen(true)}
      >
        {label}
      </button>
      {open && (
        <ConfirmDialog title={title} confirm={confirm} onConfirm={onConfirm} onClose={() => setOpen(false)}>
          {children}
        </ConfirmDialog>
      )}
    </>
  );
}
