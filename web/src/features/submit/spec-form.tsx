import { useQuery } from "@tanstack/react-query";
import { Segmented } from "@/components/segmented";
import type { SpecKind } from "@/lib/spec-schema";
import { useEditor } from "./editor";
import { LossFields } from "./loss-fields";
import { namesQuery } from "./queries";
import { SpaceFields } from "./space-fields";
import { SpecField } from "./spec-field";
import { VariantFields } from "./variant-fields";

const DATA = ["training", "data"];
const STUDENT = ["training", "student"];

const STUDENT_LABELS = {
  fpn_channels: "FPN channels",
  fpn_norm: "Norm of the FPN",
  head_norm: "Norm of the head",
  num_head_convs: "Head convolutions",
  num_levels: "Levels",
  p6_from: "P6 is made from",
  image_mean: "Mean of images",
  image_std: "Deviation of images",
  nms_iou: "IoU of NMS",
};
const BACKBONE_LABELS = { width: "Width in channels", depths: "Blocks per stage", norm: "Normalisation" };

/** The fields that people change most; all others are in the YAML beside it. */
export function SpecForm({ onKind }: { onKind: (kind: SpecKind) => void }) {
  const { kind } = useEditor();
  const { data: names } = useQuery(namesQuery);
  return (
    <div className="spec-form">
      <fieldset className="group">
        <legend>What</legend>
        <Segmented
          label="Kind"
          value={kind}
          options={[
            { value: "job", label: "One training" },
            { value: "sweep", label: "Sweep" },
          ]}
          onChange={onKind}
        />
        <div className="fields">
          <SpecField path={["name"]} label="Name" />
          <SpecField path={["project"]} label="Project" />
          <SpecField path={["tags"]} label="Tags" unit="separated by commas" />
        </div>
      </fieldset>
      <fieldset className="group">
        <legend>Training</legend>
        <div className="fields">
          <SpecField path={["training", "num_steps"]} label="Steps" />
          <SpecField path={["training", "batch_size"]} label="Batch size" />
          <SpecField path={["training", "optimizer", "learning_rate"]} label="Learning rate" />
          <SpecField path={["training", "evaluate_every_steps"]} label="Evaluate every" unit="steps" />
          <SpecField path={["training", "seed"]} label="Seed" />
          <SpecField path={["training", "precision"]} label="Precision" />
        </div>
      </fieldset>
      <LossFields />
      {kind === "sweep" && <SpaceFields />}
      <fieldset className="group">
        <legend>Student</legend>
        <div className="fields">
          <VariantFields path={STUDENT} label="Detector" labels={STUDENT_LABELS} />
        </div>
      </fieldset>
      <fieldset className="group">
        <legend>Backbone of the student</legend>
        <div className="fields">
          <VariantFields path={[...STUDENT, "backbone"]} label="Kind of backbone" labels={BACKBONE_LABELS} />
        </div>
      </fieldset>
      <fieldset className="group">
        <legend>Data</legend>
        <p className="field-hint">Name a registered data set, or give the paths of images and annotations.</p>
        <div className="fields">
          <SpecField path={[...DATA, "dataset"]} label="Registered data set" suggestions={names?.datasets} />
          <SpecField path={[...DATA, "train", "images"]} label="Training images" />
          <SpecField path={[...DATA, "train", "annotations"]} label="Training annotations" />
          <SpecField path={[...DATA, "val", "images"]} label="Validation images" />
          <SpecField path={[...DATA, "val", "annotations"]} label="Validation annotations" />
          <SpecField path={[...DATA, "image_size_px"]} label="Image size" unit="px" />
          <SpecField path={[...DATA, "horizontal_flip"]} label="Horizontal flip" />
        </div>
      </fieldset>
      <fieldset className="group">
        <legend>Resources</legend>
        <div className="fields">
          <SpecField path={["resources", "cpus"]} label="CPUs" />
          <SpecField path={["resources", "gpus"]} label="GPUs" />
          <SpecField path={["priority"]} label="Priority" />
          <SpecField path={["retry", "max_attempts"]} label="Attempts" />
        </div>
      </fieldset>
    </div>
  );
}
