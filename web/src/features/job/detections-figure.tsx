import type { ComparedImage, Model } from "./detections";

interface Props {
  image: ComparedImage;
  /** Whose detections are drawn; the picture with the truth alone where none is named. */
  model: Model | null;
  url: string;
  words: string;
}

/** One image with what a model found: hits, detections on nothing, and instances that it does not see. */
export function DetectionsFigure({ image, model, url, words }: Props) {
  const { width, height } = image;
  const textSize = Math.max(width, height) / 17;
  const found = model ? image[model] : [];
  const unseen = image.instances.filter((instance) => !model || !instance[model]);
  return (
    <figure className="compared">
      <div className="compared-picture" style={{ aspectRatio: `${width} / ${height}` }}>
        <img src={url} alt="" loading="lazy" decoding="async" />
        <svg viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
          {unseen.map(({ box_xyxy, label }, index) => (
            <Box
              key={`unseen-${index}`}
              box={box_xyxy}
              kind={model ? "missed" : "truth"}
              text={label}
              textSize={textSize}
            />
          ))}
          {found.map(({ box_xyxy, label, score, instance }, index) => (
            <Box
              key={index}
              box={box_xyxy}
              kind={instance === null ? "wrong" : "hit"}
              text={instance === null ? `${label} ${Math.round(score * 100)}` : label}
              textSize={textSize}
            />
          ))}
        </svg>
      </div>
      <figcaption>{words}</figcaption>
    </figure>
  );
}

interface BoxProps {
  box: readonly number[];
  kind: "hit" | "missed" | "wrong" | "truth";
  text: string;
  textSize: number;
}

function Box({ box, kind, text, textSize }: BoxProps) {
  const [left = 0, top = 0, right = 0, bottom = 0] = box;
  const place = { x: left, y: top, width: right - left, height: bottom - top };
  return (
    <g className={`compared-box ${kind}`}>
      <rect {...place} className="compared-halo" />
      <rect {...place} className="compared-line" />
      <text x={left} y={top > textSize ? top - textSize * 0.25 : top + textSize} fontSize={textSize}>
        {text}
      </text>
    </g>
  );
}
