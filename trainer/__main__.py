"""Training from the command line, with no orchestrator: `python -m trainer SPEC --out DIR`."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import yaml
from pydantic import ValidationError

from trainer.errors import InputError
from trainer.reporting import ConsoleReporter
from trainer.spec import TrainingSpec

EXIT_INPUT = 2
EXIT_STOPPED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Train the spec that the arguments name; returns 0, 2 for unusable input or a check that
    refuses, 130 when stopped by Ctrl-C."""
    given = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s")
    reporter = ConsoleReporter()
    try:
        spec = read_spec(given.spec)
        if given.check:
            return _check(spec, given.data_root)
        return _train(spec, given.out, given.data_root, reporter)
    except InputError as error:
        reporter.close()
        print(f"error: {error}", file=sys.stderr)
        return EXIT_INPUT


def read_spec(path: Path) -> TrainingSpec:
    """Read a training from YAML or JSON: a TrainingSpec, or a job whose `training` is one.

    Raises:
        InputError: the file is missing, is no YAML, or holds no valid training; names each wrong field.
    """
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"cannot read the spec {path}: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError(f"the spec {path} is not valid YAML: {error}") from error
    if not isinstance(document, dict):
        raise InputError(f"the spec {path} holds {document!r}; wanted a training with its fields")
    try:
        return TrainingSpec.model_validate(document.get("training", document))
    except ValidationError as error:
        wrong = [
            f"  {'.'.join(str(part) for part in item['loc']) or 'training'}: {item['msg']}, found {item['input']!r}"
            for item in error.errors(include_url=False)
        ]
        raise InputError(f"the spec {path} is not valid:\n" + "\n".join(wrong)) from error


def _check(spec: TrainingSpec, data_root: Path) -> int:
    from trainer.training import check_training

    findings = check_training(spec, data_root=data_root)
    for finding in findings:
        print(f"{finding.severity}: {finding.message}")
    refused = any(finding.severity == "refusal" for finding in findings)
    print("this training would be refused" if refused else f"ready to train, {len(findings)} warnings")
    return EXIT_INPUT if refused else 0


def _train(spec: TrainingSpec, out: Path, data_root: Path, reporter: ConsoleReporter) -> int:
    from trainer.training import train  # torch is slow to import, and a wrong spec should be told at once

    def stop(number: int, frame: object) -> None:
        reporter.stop_requested = True

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        result = train(spec, out=out, data_root=data_root, reporter=reporter)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    reporter.close()
    if not result.finished:
        print(f"stopped at step {result.step} of {spec.num_steps}; the same command goes on from there")
        return EXIT_STOPPED
    print(
        f"AP {result.metrics['val/AP']:.1f}, AP50 {result.metrics['val/AP50']:.1f}, "
        f"{result.num_parameters / 1e6:.2f} M parameters, {result.train_seconds:.0f} s of training: {result.weights}"
    )
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m trainer", description="Train a detector, alone or distilled.")
    parser.add_argument("spec", type=Path, metavar="SPEC", help="YAML or JSON: a training, or a job with a training")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--out", type=Path, help="folder for checkpoints and student; resumes from it")
    what.add_argument("--check", action="store_true", help="only check data, teacher and memory; trains nothing")
    parser.add_argument(
        "--data-root", type=Path, default=Path(), help="where relative paths of the spec start (default: here)"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
