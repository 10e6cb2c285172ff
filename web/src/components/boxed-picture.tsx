import "@/styles/boxes.css";

export interface PictureBox {
  xywh: readonly number[];
  /** Stands at the box. */
  text?: string;
  /** How it is drawn: a class of boxes.css. */
  look?: string;
  /** Of the line and the text, where no class gives it. */
  color?: string;
}

interface Props {
  url: string;
  width: number;
  height: number;
  boxes: readonly PictureBox[];
  /** Of the texts, in pixels of the picture. */
  textSize: number;
}

/** A picture with boxes drawn over it. What they show has to be said beside it. */
export function BoxedPicture({ url, width, height, boxes, textSize }: Props) {
  return (
    <span className="boxed" style={{ aspectRatio: `${width} / ${height}` }}>
      <img src={url} alt="" loading="lazy" decoding="async" />
      {boxes.length > 0 && (
        <svg viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
          {boxes.map((box, index) => (
            <Box key={index} box={box} textSize={textSize} />
          ))}
        </svg>
      )}
    </span>
  );
}

function Box({ box, textSize }: { box: PictureBox; textSize: number }) {
  const [x = 0, y = 0, width = 0, height = 0] = box.xywh;
  const place = { x, y, width, height };
  return (
    <g className={`box ${box.look ?? ""}`} style={{ color: box.color }}>
      <rect {...place} className="box-halo" />
      <rect {...place} className="box-line" />
      {box.text && (
        <text x={x} y={y > textSize ? y - textSize * 0.25 : y + textSize} fontSize={textSize}>
          {box.text}
        </text>
      )}
    </g>
  );
}
