"""Examples of every JSON body that the API takes, for its description; tests send each of them."""

from __future__ import annotations

from typing import Any

_SPLIT = {
    "train": {"images": "digits/train", "annotations": "digits/train.json"},
    "val": {"images": "digits/val", "annotations": "digits/val.json"},
}
_BASELINE = {"data": _SPLIT, "num_steps": 800, "batch_size": 16, "student": {"kind": "retinanet"}}
_DISTILLED = {
    **_BASELINE,
    "distillation": {
        "teacher": {"weights": "teachers/digits.safetensors"},
        "losses": [
            {"kind": "rank_mimicking", "weight": 4.0},
            {"kind": "feature_imitation", "weight": 300.0, "detach_weight": True},
        ],
    },
}
_NOTE = "AP 44.1 on the digits, 3 seeds"

# By operation: what the example shows, and the body.
EXAMPLES: dict[str, dict[str, Any]] = {
    "submitJob": {
        "A training without a teacher": {"name": "digits, baseline", "training": _BASELINE},
        "A distillation": {
            "name": "digits, RM and PFI",
            "project": "digits",
            "tags": ["night"],
            "priority": 5,
            "resources": {"cpus": 2, "gpus": 0},
            "retry": {"max_attempts": 3},
            "training": _DISTILLED,
        },
    },
    "actOnJobs": {
        "Cancel two jobs": {"action": "cancel", "ids": ["job-k3v9x2m7qa", "sweep-a2b3c4d5e6"]},
        "Retry a job from its first step": {"action": "retry", "ids": ["job-k3v9x2m7qa"], "from_scratch": True},
    },
    "changeJob": {
        "Let it go first": {"priority": 10},
        "Another name and tags": {"name": "digits, second try", "tags": ["night", "keep"]},
    },
    "cloneJob": {
        "The same again": {},
        "Twice as long": {"edits": {"name": "digits, 1,600 steps", "training": {"num_steps": 1600}}},
    },
    "submitSweep": {
        "Which loss weights matter": {
            "kind": "sweep",
            "name": "weights of RM and PFI",
            "training": _DISTILLED,
            "space": {
                "distillation.losses.rank_mimicking.weight": {
                    "kind": "uniform",
                    "low": 0.1,
                    "high": 10,
                    "log": True,
                },
                "distillation.losses.feature_imitation.weight": {
                    "kind": "uniform",
                    "low": 1,
                    "high": 1000,
                    "log": True,
                },
            },
            "num_trials": 16,
            "max_concurrent_trials": 2,
        }
    },
    "steerSweep": {
        "Another ten trials": {"more_trials": 10},
        "A trial of one's own": {"added_trials": [{"distillation.losses.feature_imitation.weight": 300.0}]},
        "Stop searching": {"end_search": True},
    },
    "retrainSweep": {
        "The winner": {},
        "Trial 7, longer": {"trial": 7, "num_steps": 3200, "seed": 1, "name": "digits, the best weights"},
    },
    "forkSweep": {
        "More trials from here": {"edits": {"name": "weights, second round", "num_trials": 32}},
    },
    "registerDataset": {
        "COCO files": {"name": "digits", "description": "Digits on photos, 96 px", **_SPLIT},
    },
    "registerModel": {
        "A weights file": {"name": "digits-teacher", "weights": {"path": "teachers/digits.safetensors"}},
        "The student of a job": {"name": "digits", "weights": {"job": "job-k3v9x2m7qa"}},
        "Published by torchvision": {
            "name": "coco",
            "weights": {"torchvision": "RetinaNet_ResNet50_FPN_V2_Weights.COCO_V1"},
        },
    },
    "promoteModel": {"Version 3 to production": {"version": 3, "alias": "production", "note": _NOTE}},
    "rollBackModel": {"Back to what it was": {"alias": "production", "note": "misses small digits"}},
    "promoteStudent": {"Under a name of its own": {"model": "digits", "alias": "production", "note": _NOTE}},
    "promoteTrial": {"Under the sweep's name": {"alias": "candidate"}},
    "putProject": {
        "At most two GPUs": {"description": "Detectors for the parking lot", "limits": {"max_jobs": 4, "max_gpus": 2}},
        "No limits": {},
    },
    "createToken": {
        "For a person": {"name": "ada", "roles": {"default": "editor", "cars": "viewer"}},
        "For a nightly program": {
            "name": "nightly sweeps",
            "roles": {"cars": "editor"},
            "expires_at": "2027-01-31T00:00:00Z",
        },
    },
    "signIn": {
        "The code of a sign-in link": {"code": "rU8kq1nXbQ0m2yZ7cV5tJ4hD6sA3wE9fL_pGxTiKoBM"},
        "A token": {"token": "still_rU8kq1nXbQ0m2yZ7cV5tJ4hD6sA3wE9fL_pGxTiKoBM"},
    },
    "createWebhook": {
        "When a job is over": {
            "url": "https://example.com/hooks/stillhouse",
            "project": "default",
            "states": ["succeeded", "failed", "cancelled"],
        }
    },
    "changeWebhook": {
        "Pause it": {"enabled": False},
        "Another secret": {"secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"},
    },
}
EXAMPLES |= {"checkJob": EXAMPLES["submitJob"], "checkSweep": EXAMPLES["submitSweep"]}


def add_examples(document: dict[str, Any]) -> None:
    """Put the examples into an OpenAPI document."""
    for path in document["paths"].values():
        for operation in path.values():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if content is not None:
                content["examples"] = {
                    _key(summary): {"summary": summary, "value": body}
                    for summary, body in EXAMPLES.get(operation["operationId"], {}).items()
                }


def _key(summary: str) -> str:
    """A name that may stand in a URL."""
    return "-".join("".join(letter if letter.isalnum() else " " for letter in summary.lower()).split())
