import { BoxedPicture, type PictureBox } from "@/components/boxed-picture";
import type { ComparedImage, Model } from "./detections";

interface Props {
  image: ComparedImage;
  /** Whose detections are drawn. */
  model: Model;
  url: string;
  words: string;
}

/** One image with what a model found: hits, detections on nothing, and instances that it does not see. */
export function DetectionsFigure({ image, model, url, words }: Props) {
  const { width, height } = image;
  return (
    <figure className="compared">
      <BoxedPicture url={url} width={width} height={height} boxes={boxesOf(image, model)} />
      <figcaption>{words}</figcaption>
    </figure>
  );
}

function boxesOf(image: ComparedImage, model: Model): PictureBox[] {
  const unseen = image.instances.filter((instance) => !instance[model]);
  return [
    ...unseen.map(({ box_xyxy, label }) => ({ xywh: asXywh(box_xyxy), text: label, look: "missed" })),
    ...image[model].map(({ box_xyxy, label, score, instance }) => ({
      xywh: asXywh(box_xyxy),
      text: instance === null ? `${label} ${Math.round(score * 100)}` : label,
      look: instance === null ? "wrong" : "hit",
    })),
  ];
}

function asXywh([left = 0, top = 0, right = 0, bottom = 0]: readonly number[]): number[] {
  return [left, top, right - left, bottom - top];
}
