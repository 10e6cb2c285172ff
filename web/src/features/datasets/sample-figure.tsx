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

/** An image with its boxes drawn over it; crowds are dashed. */
export function SampleFigure({ sample, classes, boxes, chosen, labelled }: Props) {
  const { width, height } = sample;
  return (
    <span className="sample">
      <span className="sample-picture" style={{ aspectRatio: `${width} / ${height}` }}>
        <img src={sample.image_url} alt="" loading="lazy" decoding="async" />
        {boxes && (
          <svg viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
            {sample.boxes.map((box, index) => (
              <Box
                key={index}
                box={box}
                color={classes.indexOf(box.name)}
                faint={chosen !== undefined && box.name !== chosen}
                textSize={labelled ? Math.max(width, height) / 38 : null}
              />
            ))}
          </svg>
        )}
      </span>
      <span className="sample-words">
        <span className="kind">{sample.split}</span> {boxWords(sample)}
        <span className="visually-hidden"> in {sample.file_name}</span>
      </span>
    </span>
  );
}

interface BoxProps {
  box: DatasetSample["boxes"][number];
  color: number;
  faint: boolean;
  textSize: number | null;
}

// Boxes lie on photographs, not on the page: the lighter colours stand out there in both themes.
const ON_PICTURES = true;

function Box({ box, color, faint, textSize }: BoxProps) {
  const [x = 0, y = 0, width = 0, height = 0] = box.box_xywh;
  const stroke = strokeFor(color, ON_PICTURES).color;
  return (
    <g className={faint ? "sample-box faint" : "sample-box"}>
      <rect x={x} y={y} width={width} height={height} className="sample-halo" />
      <rect
        x={x}
        y={y}
        width={width}
        height={height}
        stroke={stroke}
        className="sample-line"
        strokeDasharray={box.iscrowd ? "6 4" : undefined}
      />
      {textSize !== null && (
        <text x={x} y={y > textSize ? y - textSize * 0.3 : y + textSize} fontSize={textSize} fill={stroke}>
          {box.name}
          {box.iscrowd && " (crowd)"}
        </text>
      )}
    </g>
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
