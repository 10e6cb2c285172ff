import { BoxedPicture } from "@/components/boxed-picture";
import { Modal } from "@/components/modal";
import { strokeFor } from "@/lib/palette";
import type { DatasetSample } from "./queries";

interface Props {
  sample: DatasetSample;
  classes: readonly string[];
  boxes: boolean;
  chosen?: string;
  labelled?: boolean;
}

// Boxes lie on photographs, not on the page: the lighter colours stand out there in both themes.
const ON_PICTURES = true;

/** An image with its boxes drawn over it; crowds are dashed. */
export function SampleFigure({ sample, classes, boxes, chosen, labelled }: Props) {
  const { width, height } = sample;
  const drawn = sample.boxes.map((box) => ({
    xywh: box.box_xywh,
    text: labelled ? `${box.name}${box.iscrowd ? " (crowd)" : ""}` : undefined,
    look: `${box.iscrowd ? "crowd" : ""} ${chosen !== undefined && box.name !== chosen ? "faint" : ""}`,
    color: strokeFor(classes.indexOf(box.name), ON_PICTURES).color,
  }));
  return (
    <span className="sample">
      <BoxedPicture url={sample.image_url} width={width} height={height} boxes={boxes ? drawn : []} />
      <span className="sample-words">
        <span className="kind">{sample.split}</span> {boxWords(sample)}
        <span className="visually-hidden"> in {sample.file_name}</span>
      </span>
    </span>
  );
}

interface ModalProps {
  sample: DatasetSample;
  classes: readonly string[];
  onClose: () => void;
  onStep: (by: number) => void;
}

/** One image in large, with names at its boxes. */
export function SampleModal({ sample, classes, onClose, onStep }: ModalProps) {
  return (
    <Modal title={sample.file_name} wide onClose={onClose}>
      <SampleFigure sample={sample} classes={classes} boxes labelled />
      <div className="dialog-actions">
        <span className="hint num">
          {sample.width} × {sample.height} px
        </span>
        <div className="spacer" />
        <button type="button" className="button" onClick={() => onStep(-1)}>
          Previous
        </button>
        <button type="button" className="button" onClick={() => onStep(1)}>
          Next
        </button>
      </div>
    </Modal>
  );
}

/** `5 boxes: 3 boat, 2 buoy`. */
export function boxWords({ boxes }: Pick<DatasetSample, "boxes">): string {
  if (boxes.length === 0) return "no boxes";
  const counts = new Map<string, number>();
  for (const { name } of boxes) counts.set(name, (counts.get(name) ?? 0) + 1);
  const ordered = [...counts].sort((a, b) => b[1] - a[1]);
  const words = ordered.slice(0, 3).map(([name, count]) => `${count} ${name}`);
  const more = ordered.length > 3 ? ", …" : "";
  return `${boxes.length} ${boxes.length === 1 ? "box" : "boxes"}: ${words.join(", ")}${more}`;
}
