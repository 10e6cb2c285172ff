"""The diagnostics of one training, over a few validation images and one training batch."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from trainer.assigners import Assignment
from trainer.data.batches import Batch, SampleStore, collate
from trainer.data.coco import CocoSplit
from trainer.detectors import DenseDetector, DenseOutputs, detections_of
from trainer.diagnostics.detections import SeenImage, compare, labelled_as, write_pictures
from trainer.diagnostics.gradients import gradient_diagnostics
from trainer.diagnostics.maps import difference_maps, map_correlation, write_maps
from trainer.diagnostics.ranks import rank_agreement
from trainer.distill.class_alignment import with_classes, with_common_instances
from trainer.distill.combined import comparable_maps
from trainer.distill.pairing import have_same_priors, have_same_strides
from trainer.distill.positives import class_values_of_positives, qualities_of_positives
from trainer.distill.teacher import Teacher
from trainer.objective import Objective
from trainer.preflight import spread
from trainer.spec import DiagnosticsSpec

_BATCH_SIZE = 4


@dataclass(frozen=True)
class Diagnosis:
    """What was found at one evaluation."""

    metrics: dict[str, float]
    files: list[Path]


class Probe:
    """Looks at student and teacher without changing either."""

    def __init__(
        self,
        spec: DiagnosticsSpec,
        objective: Objective,
        teacher: Teacher | None,
        *,
        split: CocoSplit,
        image_size_px: int,
        short_side_px: int | None = None,
        out: Path,
    ) -> None:
        self._spec, self._objective, self._teacher, self._out = spec, objective, teacher, out
        self._split, self._image_size_px, self._short_side_px = split, image_size_px, short_side_px
        self._device = next(objective.student.parameters()).device
        self._names = {image.id: image.path.name for image in split.images}
        self._kept: list[Batch] | None = None
        self._pictured = False

    def look(self, batch: Batch, *, step: int, evaluated: DenseDetector) -> Diagnosis:
        """Measure at `step`: gradients on `batch`, which is one of training; ranks and maps on validation images.

        The detections are those of `evaluated`: the student, or the average of its weights. The names of the metrics
        start with `diagnostics/`; `diagnostics/seconds` says what it cost.
        """
        started = time.perf_counter()
        found = self._gradients(batch, step=step)
        files: list[Path] = []
        if self._teacher is not None:
            compared, files = self._compare(self._teacher, evaluated, step=step)
            found |= compared
        found["seconds"] = time.perf_counter() - started
        return Diagnosis({f"diagnostics/{name}": value for name, value in found.items()}, files)

    def _gradients(self, batch: Batch, *, step: int) -> dict[str, float]:
        """As in training, but for the statistics of norms, which are put back."""
        self._objective.train()
        before = {name: buffer.clone() for name, buffer in self._objective.named_buffers()}
        outputs, losses = self._objective.outputs_and_losses(batch.first(_BATCH_SIZE).to(self._device), step)
        weights = self._objective.weights(step)
        terms = {name: weights.get(name, 1.0) * value for name, value in losses.items()}
        found = gradient_diagnostics(terms, outputs.features)
        for name, buffer in self._objective.named_buffers():
            buffer.copy_(before[name])
        return found

    @torch.no_grad()
    def _compare(self, teacher: Teacher, evaluated: DenseDetector, *, step: int) -> tuple[dict[str, float], list[Path]]:
        student = self._objective.student.eval()
        ranks: dict[str, list[tuple[Tensor, Tensor]]] = {"rank": [], "rank_localisation": []}
        pictures: tuple[Tensor, list[Tensor] | None, list[Tensor]] | None = None
        correlations = []
        images: list[SeenImage] = []
        comparable = have_same_strides(student, teacher.detector)
        for batch in self._batches():
            seen = batch.to(self._device)
            ours: DenseOutputs = student(seen.images)
            theirs = teacher(seen.images, with_boxes=True)
            judged = ours if evaluated is student else evaluated.eval()(seen.images)
            images += self._seen(batch, theirs, judged, teacher)
            assignment = with_common_instances(student.assign(ours, seen.targets), teacher.alignment)
            ours = with_classes(ours, teacher.alignment.student)
            if have_same_priors(student, teacher.detector):
                for name, values in _ranked(ours, theirs, assignment).items():
                    ranks[name].append(values)
            if comparable:
                features, predictions = self._maps(ours, theirs)
                if features is not None and (found := map_correlation(features, predictions)) is not None:
                    correlations.append(found)
                pictures = pictures or (batch.images, features, predictions)
        metrics = _means(ranks)
        files = self._write_detections(images, step=step)
        if correlations:
            metrics["feature_prediction_correlation"] = sum(correlations) / len(correlations)
        if pictures is None:
            return metrics, files
        pixels, features, predictions = pictures
        files += write_maps(self._out, step=step, images=pixels, features=features, predictions=predictions)
        return metrics, files

    def _seen(self, batch: Batch, theirs: DenseOutputs, judged: DenseOutputs, teacher: Teacher) -> list[SeenImage]:
        """What both models detect in a batch; the teacher's channels are the common classes."""
        found = detections_of(judged, batch.sizes), detections_of(theirs, batch.sizes)
        class_of = dict(enumerate(teacher.alignment.student))
        return [
            SeenImage(
                file_name=self._names[image_id],
                image_id=image_id,
                pixels=pixels[:, : size[0], : size[1]],
                scale=scale,
                truth=target,
                teacher=labelled_as(taught, class_of),
                student=own,
            )
            for image_id, pixels, size, scale, target, own, taught in zip(
                batch.image_ids, batch.images, batch.sizes, batch.scales, batch.targets, *found, strict=True
            )
        ]

    def _write_detections(self, images: list[SeenImage], *, step: int) -> list[Path]:
        files = [] if self._pictured else write_pictures(self._out, images)
        self._pictured = True
        path = self._out / f"detections-{step:08d}.json"
        path.write_text(compare(images, self._split.class_names, step=step).model_dump_json(), encoding="utf-8")
        return [*files, path]

    def _maps(self, ours: DenseOutputs, theirs: DenseOutputs) -> tuple[list[Tensor] | None, list[Tensor]]:
        """Feature difference (None where the channels differ and nothing adapts them) and prediction difference."""
        adaptation = self._objective.adaptation
        adapted: Sequence[Tensor] = adaptation(ours.features) if len(adaptation.levels) else ours.features
        logits = comparable_maps(ours, theirs)
        scores = [[level.float().sigmoid() for level in levels] for levels in logits]
        same_channels = adapted[0].shape[1] == theirs.features[0].shape[1]
        features = difference_maps(adapted, theirs.features) if same_channels else None
        return features, difference_maps(scores[0], scores[1])

    def _batches(self) -> list[Batch]:
        """The validation images that are looked at, read once."""
        if self._kept is None:
            store = SampleStore(
                self._split, image_size_px=self._image_size_px, short_side_px=self._short_side_px, keep=False
            )
            samples = [store[index] for index in spread(len(store), self._spec.num_images)]
            divisor = self._objective.student.size_divisor
            starts = range(0, len(samples), _BATCH_SIZE)
            self._kept = [collate(samples[start : start + _BATCH_SIZE], size_divisor=divisor) for start in starts]
        return self._kept


def _ranked(ours: DenseOutputs, theirs: DenseOutputs, assignment: Assignment) -> dict[str, tuple[Tensor, Tensor]]:
    instance = assignment.positive_instance
    classes = [class_values_of_positives(outputs, assignment) for outputs in (ours, theirs)]
    boxes = [qualities_of_positives(outputs, assignment) for outputs in (ours, theirs)]
    return {
        "rank": rank_agreement(classes[0], classes[1], instance),
        "rank_localisation": rank_agreement(boxes[0], boxes[1], instance),
    }


def _means(ranks: dict[str, list[tuple[Tensor, Tensor]]]) -> dict[str, float]:
    metrics = {}
    for name, of_batches in ranks.items():
        correlations = torch.cat([found[0] for found in of_batches]) if of_batches else torch.zeros(0)
        if correlations.numel():
            metrics[f"{name}_spearman"] = correlations.mean().item()
            metrics[f"{name}_top1"] = torch.cat([found[1] for found in of_batches]).float().mean().item()
    return metrics
