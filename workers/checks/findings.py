"""What is wrong with a data set, collected over all of it and told in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from workers.spec.checks import Finding, SplitName

MAX_EXAMPLES = 5
Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Defect:
    """A kind of finding. `one` and `many` are nouns, `rest` goes with both."""

    severity: Severity
    one: str
    many: str
    rest: str

    def message(self, count: int) -> str:
        return f"{count:,} {self.one if count == 1 else self.many} {self.rest}".strip()


def _error(one: str, many: str, rest: str) -> Defect:
    return Defect("error", one, many, rest)


def _warning(one: str, many: str, rest: str) -> Defect:
    return Defect("warning", one, many, rest)


DEFECTS: dict[str, Defect] = {
    "unreadable_annotations": _error("split", "splits", "with annotations that cannot be read"),
    "malformed": _error("entry", "entries", "of the annotations without what COCO wants"),
    "malformed_xml": _error("place", "places", "in XML files without what a VOC annotation has"),
    "no_images": _error("split", "splits", "without images; wanted at least one image"),
    "no_categories": _error("split", "splits", "without categories; wanted at least one"),
    "no_boxes": _error("split", "splits", "without a single box; there is nothing to learn or to measure"),
    "duplicate_category": _error("category", "categories", "with an id or a name that another one has too"),
    "duplicate_image_id": _error("image", "images", "with an id that another image has too"),
    "duplicate_annotation_id": _warning("annotation", "annotations", "with an id that another annotation has too"),
    "duplicate_file": _warning("image", "images", "with a file that another image of the split has too"),
    "unknown_image": _error("annotation", "annotations", "of an image that is not among the images"),
    "unknown_category": _error("annotation", "annotations", "with a category that is not among the categories"),
    "bad_box": _error("box", "boxes", "that are not four finite numbers [x, y, width, height]"),
    "inverted_box": _error("box", "boxes", "with a negative width or height"),
    "box_outside": _error("box", "boxes", "beyond the edge of the image by more than 2 px and 2% of its side"),
    "box_clipped": _warning("box", "boxes", "beyond the edge of the image by a little; training cuts them there"),
    "empty_box": _warning("box", "boxes", "without area; training leaves them out"),
    "no_folder": _error("folder", "folders", "of images missing"),
    "outside_folder": _error("file name", "file names", "that lead out of the folder of images"),
    "missing_file": _error("image file", "image files", "missing"),
    "unreadable_file": _error("image file", "image files", "that cannot be decoded"),
    "wrong_size": _error("image file", "image files", "of another size than the annotations say"),
    "in_both_splits": _warning(
        "image file", "image files", "of the validation split also in the training split; the AP will look too good"
    ),
    "different_classes": _error("class", "classes", "not with the same category id and name in both splits"),
    "unusable": _error("reason", "reasons", "why the trainer would refuse the data"),
}


@dataclass
class Findings:
    """Counts of each defect by split, with the first examples."""

    _found: dict[tuple[str, SplitName | None], tuple[int, list[str]]] = field(default_factory=dict)

    def add(self, code: str, example: str = "", *, split: SplitName | None = None, count: int = 1) -> None:
        before, examples = self._found.get((code, split), (0, []))
        if example and len(examples) < MAX_EXAMPLES:
            examples.append(example[:300])
        self._found[code, split] = before + count, examples

    def has_errors(self) -> bool:
        return any(DEFECTS[code].severity == "error" for code, _ in self._found)

    def all(self) -> tuple[Finding, ...]:
        """Errors first, in the order in which they are checked."""
        found = [
            Finding(
                code=code,
                severity=DEFECTS[code].severity,
                split=split,
                count=count,
                message=DEFECTS[code].message(count),
                examples=tuple(examples),
            )
            for (code, split), (count, examples) in self._found.items()
        ]
        return tuple(sorted(found, key=lambda finding: finding.severity != "error"))


def refusal(findings: tuple[Finding, ...]) -> str | None:
    """Why a data set is refused, in words; None where no finding is an error."""
    errors = [finding for finding in findings if finding.severity == "error"]
    if not errors:
        return None
    words = [_in_words(finding) for finding in errors[:3]]
    more = f"; and {len(errors) - 3} more kinds of errors" if len(errors) > 3 else ""
    return "; ".join(words) + more


def _in_words(finding: Finding) -> str:
    where = {"train": "training: ", "val": "validation: "}.get(finding.split or "", "")
    example = f" (for example {finding.examples[0]})" if finding.examples else ""
    return f"{where}{finding.message}{example}"
