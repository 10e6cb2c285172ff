import "@/styles/boxes.css";

export interface PictureBox {
  xywh: readonly number[];
  /** Stands at the box. */
  text?: string;
  /** How it is drawn: classes of boxes.css. */
  look?: string;
  /** Of the line and the text, where no class gives it. */
  color?: string;
}

interface Props {
  url: string;
  width: number;
  height: number;
  boxes: readonly PictureBox[];
}

/** A picture with boxes drawn over it. What they show has to be said beside it. */
export function BoxedPicture({ url, width, height, boxes }: Props) {
  return (
    <span
      className="boxed"
      style={{ aspectRatio: `${width} / ${height}`, maxWidth: `calc(70vh * ${width / height})` }}
    >
      <img src={url} alt="" loading="lazy" decoding="async" />
      {boxes.map((box, index) => (
        <Box key={index} box={box} width={width} height={height} />
      ))}
    </span>
  );
}

interface BoxProps extends Pick<Props, "width" | "height"> {
  box: PictureBox;
}

// Texts have the size of the page's, not of the picture's pixels; near an edge they would be cut off.
const NEAR_TOP = 0.1;
const NEAR_RIGHT = 0.7;

function Box({ box, width, height }: BoxProps) {
  const [x = 0, y = 0, across = 0, down = 0] = box.xywh;
  const place = {
    left: percent(x, width),
    top: percent(y, height),
    width: percent(across, width),
    height: percent(down, height),
    color: box.color,
  };
  const inside = y < NEAR_TOP * height ? "inside" : "";
  const leftwards = x > NEAR_RIGHT * width ? "leftwards" : "";
  return (
    <span className={`box ${box.look ?? ""}`} style={place} aria-hidden="true">
      {box.text && <span className={`box-text ${inside} ${leftwards}`}>{box.text}</span>}
    </span>
  );
}

const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(2)}%`;
