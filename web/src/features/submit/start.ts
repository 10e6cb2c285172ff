/** The spec that the form starts with. */
import { stringify } from "yaml";
import type { AnySpec } from "@/api/types";

export const BLANK = `kind: job
name: my student
project: default
training:
  data:
    train:
      images: digit-scenes/train
      annotations: digit-scenes/annotations/train.json
    val:
      images: digit-scenes/val
      annotations: digit-scenes/annotations/val.json
  num_steps: 800
`;

/** A spec as YAML, what it is and its name first. */
export function specText(spec: AnySpec, name?: string): string {
  const { kind, name: present, project, ...rest } = spec;
  return stringify({ kind, name: name ?? present, project, ...rest }, { lineWidth: 100 });
}
