"""Data sets and models from the command line."""

from __future__ import annotations

import json

from service.cli.exits import Exit


def test_a_data_set_is_registered_listed_shown_and_deleted(run) -> None:
    splits = ("--train", "parts/train:parts/train.json", "--val", "parts/val:parts/val.json")
    assert "no data sets" in run("datasets", "list").stderr
    registered = run("datasets", "register", "parts", *splits)
    assert registered.exit_code == 0, registered.stderr
    assert "parts@1  checking" in registered.stdout
    assert json.loads(run("datasets", "show", "parts", "--json").stdout)["val"]["images"] == "parts/val"
    assert "parts@1" in run("datasets", "list").stdout
    assert run("datasets", "show", "none").exit_code == Exit.NOT_FOUND
    refused = run("datasets", "register", "parts", "--train", "a", "--val", "b:c")
    assert refused.exit_code == Exit.WRONG_USE
    assert "FOLDER:JSON" in refused.stderr


def test_a_model_is_registered_listed_and_shown(run) -> None:
    assert "no models" in run("models", "list").stderr
    registered = run("models", "register", "teacher", "--path", "teachers/digits.safetensors")
    assert registered.exit_code == 0, registered.stderr
    assert "teacher@1" in run("models", "list").stdout
    assert "checking" in run("models", "show", "teacher").stdout
    assert run("models", "register", "teacher").exit_code == Exit.WRONG_USE
    assert run("models", "promote", "teacher", "1").exit_code in (Exit.OK, Exit.CONFLICT)
    assert run("promote", "job-aaaaaaaaaa", "--model", "digits").exit_code == Exit.NOT_FOUND
