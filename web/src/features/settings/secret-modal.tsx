import type { ReactNode } from "react";
import { CopyButton } from "@/components/copy-button";
import { Modal } from "@/components/modal";

interface Props {
  title: string;
  secret: string;
  children: ReactNode;
  onClose: () => void;
}

/** A secret that nobody can ask for again. */
export function SecretModal({ title, secret, children, onClose }: Props) {
  return (
    <Modal title={title} wide onClose={onClose}>
      <div className="stack">
        <p className="notice notice-warn">
          Copy it now. Only a hash of it is kept, so nobody can look it up later.
        </p>
        <div className="secret">
          <code>{secret}</code>
          <CopyButton text={secret} />
        </div>
        {children}
      </div>
    </Modal>
  );
}
