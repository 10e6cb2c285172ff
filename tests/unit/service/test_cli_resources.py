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


def test_a_voc_data_set_is_registered_with_its_lists_and_classes(run) -> None:
    where = "VOC2007/JPEGImages:VOC2007/Annotations:VOC2007/ImageSets/Main/"
    splits = ("--train", f"{where}trainval.txt", "--val", f"{where}test.txt")
    done = run("datasets", "register", "pets", *splits, "--format", "voc", "--classes", "cat, dog", "--json")
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)["train"] == {
        "images": "VOC2007/JPEGImages",
        "annotations": "VOC2007/Annotations",
        "format": "voc",
        "image_list": "VOC2007/ImageSets/Main/trainval.txt",
        "classes": ["cat", "dog"],
    }
    assert "test.txt" in run("datasets", "show", "pets").stdout
    refused = run("datasets", "register", "pets", *splits)
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
