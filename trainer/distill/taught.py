"""What the teacher says about a batch, computed or read from a cache of earlier answers."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import torch
from torch import Tensor

from trainer.assigners import Assignment
from trainer.data.batches import Batch, digest_of
from trainer.detectors import DenseDetector, DenseOutputs
from trainer.distill.cache_files import CacheFiles, make_room
from trainer.distill.class_alignment import with_common_instances
from trainer.distill.needs import Needs
from trainer.distill.positives import RankedValues, ranked_values
from trainer.distill.teacher import Teacher
from trainer.spec import CacheSpec

logger = logging.getLogger(__name__)

_WORTH_IT = 0.1  # share found again below which entries only fill the disk
_SMALLEST_BATCH = 2  # kernels for a single image may round otherwise than those for several


@dataclass(frozen=True)
class Taught:
    """The teacher's side of a comparison, as far as the losses need it."""

    dense: DenseOutputs | None
    ranked: RankedValues | None


class Autocast(Protocol):
    """Gives the context in which the teacher runs."""

    def __call__(self) -> AbstractContextManager[object]: ...


def taught_by(outputs: DenseOutputs, common: Assignment, needs: Needs) -> Taught:
    """What the losses need of the teacher's outputs; `common` is the assignment with the common classes."""
    return Taught(outputs if needs.dense else None, ranked_values(outputs, common, needs))


class CachedTeacher:
    """Asks the teacher once for each image as the student sees it: cut, flipped and padded as it is.

    An entry is found by the very pixels of the padded image and by its objects, so it is right whatever the data set
    or the transformation is called. Entries hold the dense outputs where a loss looks at them, and else no more than
    the ranked values of the positives.
    """

    def __init__(
        self,
        spec: CacheSpec,
        root: Path,
        teacher: Teacher,
        student: DenseDetector,
        *,
        precision: str,
        num_entries: int,
    ) -> None:
        """`num_entries`: images of an epoch, times the ways in which each may be flipped."""
        self._spec, self._root, self._teacher, self._num_entries = spec, root, teacher, num_entries
        device = next(student.parameters()).device.type
        rule = student.spec.model_dump(mode="json", exclude={"backbone"})
        self._identity = [
            _fingerprint(teacher.detector), list(teacher.alignment.student), list(teacher.alignment.teacher),
            rule, precision, device, spec.storage, torch.__version__,
        ]  # fmt: skip
        self._files: dict[Needs, CacheFiles | None] = {}
        self.num_read = self.num_computed = 0

    def ask(self, batch: Batch, assignment: Assignment, seen: DenseOutputs, needs: Needs, autocast: Autocast) -> Taught:
        """What the losses need of the teacher for a batch, read or computed.

        Args:
            batch: as the student sees it.
            assignment: of the student's priors, with the student's classes.
            seen: the student's outputs, whose priors the answers are given.
            needs: what the losses look at.
            autocast: the context in which the teacher runs.
        """
        common = with_common_instances(assignment, self._teacher.alignment)
        if needs in self._files and self._files[needs] is None:
            return self._uncached(batch, common, needs, autocast)
        if needs not in self._files and (self._root / self._key(needs)).is_dir():  # an earlier job's: it fitted
            self._files[needs] = self._use(needs)
        names = [digest.hex() for digest in batch.digests or map(digest_of, batch.images, batch.targets)]
        files = self._files.get(needs)
        entries = [files.read(name) if files is not None else None for name in names]
        missing = [number for number, entry in enumerate(entries) if entry is None]
        self.num_read += len(names) - len(missing)
        if missing and self._is_of_no_use():
            self._files[needs] = None
            logger.info(
                "teacher outputs are no longer cached: %d were computed and %d found again, since images are padded "
                "otherwise each time",
                self.num_computed,
                self.num_read,
            )
            return self._uncached(batch, common, needs, autocast)
        if missing:
            self.num_computed += len(missing)
            computed = self._compute(batch, common, missing, needs, autocast)
            if needs not in self._files:
                files = self._files[needs] = self._open(needs, computed[0])
            for number, entry in zip(missing, computed, strict=True):
                entries[number] = entry
                if files is not None:
                    files.write(names[number], entry)
        whole = [entry for entry in entries if entry is not None]
        return _joined(whole, seen, needs, len(self._teacher.alignment.student))

    def _uncached(self, batch: Batch, common: Assignment, needs: Needs, autocast: Autocast) -> Taught:
        return taught_by(self._teacher(batch.images, with_boxes=needs.boxes, autocast=autocast()), common, needs)

    def _is_of_no_use(self) -> bool:
        """After two epochs hardly anything was found again."""
        return self.num_computed >= 2 * self._num_entries and self.num_read < _WORTH_IT * self.num_computed

    def _compute(
        self, batch: Batch, common: Assignment, missing: Sequence[int], needs: Needs, autocast: Autocast
    ) -> list[dict[str, Tensor]]:
        """The entries of some images of a batch."""
        chosen = [*missing, *([missing[0]] * max(0, _SMALLEST_BATCH - len(missing)))]
        outputs = self._teacher(batch.images[chosen], with_boxes=needs.boxes, autocast=autocast())
        part = _of_images(common, missing)
        ranked = ranked_values(outputs, part, needs)
        return [_entry(outputs, ranked, part.positive_image == place, place, needs) for place in range(len(missing))]

    def _open(self, needs: Needs, entry: dict[str, Tensor]) -> CacheFiles | None:
        """The files of these needs; None where they would not fit into the budget."""
        key = self._key(needs)
        half = self._spec.storage == "float16"
        size = sum(tensor.numel() * (2 if half else tensor.element_size()) for tensor in entry.values()) + 512
        needed, budget = size * self._num_entries, int(self._spec.max_gb * 1e9)
        if not make_room(self._root, key, needed_bytes=needed, budget_bytes=budget):
            logger.warning(
                "teacher outputs are not cached: they need %.2f GB and the budget of %.2f GB is too small for them "
                "beside those in use",
                needed / 1e9,
                budget / 1e9,
            )
            return None
        logger.info("teacher outputs are cached in %s, about %.2f GB", self._root / key, needed / 1e9)
        return self._use(needs)

    def _use(self, needs: Needs) -> CacheFiles:
        return CacheFiles(self._root, self._key(needs), half=self._spec.storage == "float16")

    def _key(self, needs: Needs) -> str:
        """Of all that decides an entry but the image itself."""
        document = json.dumps([*self._identity, vars(needs)], sort_keys=True, default=str)
        return hashlib.sha256(document.encode()).hexdigest()[:32]


def _entry(
    outputs: DenseOutputs, ranked: RankedValues | None, of_image: Tensor, place: int, needs: Needs
) -> dict[str, Tensor]:
    entry: dict[str, Tensor] = {}
    if needs.dense:
        entry |= {f"features{level}": tensor[place] for level, tensor in enumerate(outputs.features)}
        entry |= {f"logits{level}": tensor[place] for level, tensor in enumerate(outputs.class_logits)}
        if needs.boxes and outputs.box_regressions is not None:
            entry |= {f"boxes{level}": tensor[place] for level, tensor in enumerate(outputs.box_regressions)}
    if ranked is not None:
        entry["class_values"] = ranked.class_logits[of_image]
        if ranked.qualities is not None:
            entry["qualities"] = ranked.qualities[of_image]
    return entry


def _joined(entries: Sequence[dict[str, Tensor]], seen: DenseOutputs, needs: Needs, num_classes: int) -> Taught:
    device = seen.priors_xyxy.device
    dense = ranked = None
    if needs.dense:
        num_levels = len(seen.features)

        def levels(kind: str) -> tuple[Tensor, ...]:
            stacks = [torch.stack([entry[f"{kind}{level}"] for entry in entries]) for level in range(num_levels)]
            return tuple(stack.to(device) for stack in stacks)

        dense = replace(
            seen,
            features=levels("features"),
            class_logits=levels("logits"),
            box_regressions=levels("boxes") if needs.boxes else None,
            quality_logits=None,
            num_classes=num_classes,
        )
    if needs.ranked:
        # Positives are ordered by image, and so are the entries
        values = [torch.cat([entry[kind] for entry in entries]).to(device) for kind in _ranked_kinds(needs)]
        ranked = RankedValues(values[0], values[1] if needs.boxes else None)
    return Taught(dense, ranked)


def _ranked_kinds(needs: Needs) -> tuple[str, ...]:
    return ("class_values", "qualities") if needs.boxes else ("class_values",)


def _of_images(assignment: Assignment, images: Sequence[int]) -> Assignment:
    """The assignment of some images alone, numbered anew; the instances stay all in the list."""
    kept, new_number = [], []
    for place, image in enumerate(images):
        found = torch.nonzero(assignment.positive_image == image).squeeze(1)
        kept.append(found)
        new_number.append(torch.full_like(found, place))
    chosen = torch.cat(kept)
    return replace(
        assignment,
        instance=assignment.instance[list(images)],
        positive_image=torch.cat(new_number),
        positive_prior=assignment.positive_prior[chosen],
        positive_instance=assignment.positive_instance[chosen],
    )


def _fingerprint(detector: DenseDetector) -> str:
    """Hash of what a detector is and of all its weights."""
    digest = hashlib.sha256(detector.spec.model_dump_json().encode())
    for name, tensor in sorted(detector.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()
