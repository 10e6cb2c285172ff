import { type ReactNode, useEffect, useId, useRef, useState } from "react";

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

/** A button that asks before it acts, in the browser's own modal dialog. */
export function ConfirmButton({ label, ariaLabel, title, confirm, children, busy, small, onConfirm }: Props) {
  const [open, setOpen] = useState(false);
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    if (open) dialog.current?.showModal();
  }, [open]);
  const close = () => dialog.current?.close();
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
        <dialog ref={dialog} className="dialog" aria-labelledby={titleId} onClose={() => setOpen(false)}>
          <h2 id={titleId}>{title}</h2>
          <div className="dialog-body">{children}</div>
          <div className="dialog-actions">
            <button type="button" className="button" onClick={close}>
              Keep it
            </button>
            <button
              type="button"
              className="button danger solid"
              onClick={() => {
                onConfirm();
                close();
              }}
            >
              {confirm}
            </button>
          </div>
        </dialog>
      )}
    </>
  );
}
