import type { Schemas } from "@/api/client";
import { Field } from "@/components/field";

export interface SplitDraft {
  images: string;
  annotations: string;
  imageList: string;
  classes: string;
}

type Format = "coco" | "voc";

export function emptySplit(split?: Schemas["SplitSpec"]): SplitDraft {
  return {
    images: split?.images ?? "",
    annotations: split?.annotations ?? "",
    imageList: split?.image_list ?? "",
    classes: split?.classes?.join(", ") ?? "",
  };
}

/** The split as it is sent; what only VOC knows is left out of COCO. */
export function toSplit(draft: SplitDraft, format: Format): Schemas["SplitSpec"] {
  const common = { images: draft.images.trim(), annotations: draft.annotations.trim(), format };
  if (format === "coco") return common;
  const classes = draft.classes
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  return {
    ...common,
    image_list: draft.imageList.trim() || null,
    classes: classes.length > 0 ? classes : null,
  };
}

interface Props {
  title: string;
  name: "train" | "val";
  format: Format;
  split: SplitDraft;
  problem: (field: string) => string | null;
  onChange: (split: SplitDraft) => void;
}

/** Where the images and boxes of one split are. */
export function SplitFields({ title, name, format, split, problem, onChange }: Props) {
  const texts = textsOf(format, name);
  return (
    <fieldset className="group">
      <legend>{title}</legend>
      {problem(name) && <p className="field-error">{problem(name)}</p>}
      <div className="fields">
        {texts.map(({ key, label, hint, placeholder, required }) => (
          <Field key={key} label={label} hint={hint}>
            {(control) => (
              <input
                {...control}
                className="input"
                spellCheck={false}
                required={required}
                placeholder={placeholder}
                value={split[key]}
                onChange={(event) => onChange({ ...split, [key]: event.target.value })}
              />
            )}
          </Field>
        ))}
      </div>
    </fieldset>
  );
}

interface Text {
  key: keyof SplitDraft;
  label: string;
  hint?: string;
  placeholder: string;
  required: boolean;
}

function textsOf(format: Format, name: "train" | "val"): readonly Text[] {
  const images = {
    key: "images",
    label: "Folder of images",
    placeholder: `harbour/${name}`,
    required: true,
  } as const;
  if (format === "coco")
    return [
      images,
      {
        key: "annotations",
        label: "Annotations (JSON file)",
        placeholder: `harbour/annotations/${name}.json`,
        required: true,
      },
    ];
  return [
    images,
    {
      key: "annotations",
      label: "Annotations (folder of XML)",
      placeholder: "harbour/Annotations",
      required: true,
    },
    {
      key: "imageList",
      label: "List of images",
      hint: "Empty: all XML files.",
      placeholder: `harbour/ImageSets/Main/${name}.txt`,
      required: false,
    },
    {
      key: "classes",
      label: "Classes in order",
      hint: "Empty: those that occur, by alphabet.",
      placeholder: "boat, buoy",
      required: false,
    },
  ];
}
