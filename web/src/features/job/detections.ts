/** Which of the compared images come first under a filter, and what is said about each. */
import type { Schemas } from "@/api/client";

export type ComparedImage = Schemas["ComparedImage"];
export type ComparedInstance = Schemas["ComparedInstance"];
export type BoxSize = ComparedInstance["size"];
export type Model = "teacher" | "student";

export const BOX_SIZES: readonly BoxSize[] = ["small", "medium", "large"];

export interface DetectionsFilter {
  label?: string;
  size?: BoxSize;
}

export interface Judged {
  image: ComparedImage;
  /** Instances that the filter leaves. */
  wanted: readonly ComparedInstance[];
  /** Those that the teacher alone has found. */
  missed: readonly ComparedInstance[];
}

function passes({ label, size }: ComparedInstance, filter: DetectionsFilter): boolean {
  return (!filter.label || filter.label === label) && (!filter.size || filter.size === size);
}

/** The images that have something of what is asked for, those first on which the teacher alone finds most of it. */
export function judge(images: readonly ComparedImage[], filter: DetectionsFilter): Judged[] {
  const anything = !filter.label && !filter.size;
  return images
    .map((image): Judged => {
      const wanted = image.instances.filter((instance) => passes(instance, filter));
      return { image, wanted, missed: wanted.filter(({ teacher, student }) => teacher && !student) };
    })
    .filter(({ wanted }) => anything || wanted.length > 0)
    .sort(
      (a, b) =>
        b.missed.length - a.missed.length || wrongOf(b.image, "student") - wrongOf(a.image, "student"),
    );
}

/** How many detections of a model are on nothing. */
function wrongOf(image: ComparedImage, model: Model): number {
  return image[model].filter(({ instance }) => instance === null).length;
}

/** `finds 5 of 6, 1 on nothing`. */
export function foundWords({ image, wanted }: Judged, model: Model): string {
  const found = wanted.filter((instance) => instance[model]).length;
  const wrong = wrongOf(image, model);
  return `finds ${found} of ${wanted.length}${wrong > 0 ? `, ${wrong} on nothing` : ""}`;
}

/** `3, 7 and 7`. */
export function listed(instances: readonly ComparedInstance[]): string {
  const names = instances.map(({ label }) => label).sort();
  const last = names.pop();
  return names.length > 0 ? `${names.join(", ")} and ${last}` : (last ?? "");
}
