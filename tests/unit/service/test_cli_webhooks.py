"""`stillhouse webhooks`."""

from __future__ import annotations

import json

from service.cli.exits import Exit


def test_webhooks_are_made_listed_changed_tested_and_deleted(run) -> None:
    assert "no webhooks" in run("webhooks", "list").stderr
    made = run("webhooks", "create", "https://example.com/hook", "--state", "failed", "--json")
    assert made.exit_code == 0, made.stderr
    hook = json.loads(made.stdout)
    assert hook["secret"].startswith("whsec_")
    assert run("webhooks", "create", "https://example.com/b").stdout.startswith("whsec_")
    listed = run("webhooks", "list").stdout
    assert hook["id"] in listed
    assert "failed" in listed
    assert "nothing was sent yet" in run("webhooks", "deliveries", hook["id"]).stderr
    sent = json.loads(run("webhooks", "test", hook["id"], "--json").stdout)
    assert sent["id"] in run("webhooks", "deliveries", hook["id"]).stdout
    again = run("webhooks", "redeliver", hook["id"], sent["id"])
    assert again.exit_code in (Exit.OK, Exit.CONFLICT), again.stderr
    assert "disabled" in run("webhooks", "change", hook["id"], "--disable").stdout
    assert "every state" in run("webhooks", "change", hook["id"], "--every-state", "--enable").stdout
    assert run("webhooks", "change", hook["id"]).exit_code == Exit.WRONG_USE
    assert "is deleted" in run("webhooks", "delete", hook["id"]).stdout
    assert run("webhooks", "delete", hook["id"]).exit_code == Exit.NOT_FOUND
