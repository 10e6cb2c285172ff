"""Tokens and sign-in links from the command line."""

from __future__ import annotations

import json

from service.cli.exits import Exit


def test_a_token_is_made_used_and_revoked(run) -> None:
    made = run("tokens", "create", "ada", "--role", "cars=editor", "--role", "*=viewer", "--days", "2")
    assert made.exit_code == 0, made.stderr
    assert made.stdout.startswith("still_")
    tokens = json.loads(run("tokens", "list", "--json").stdout)["items"]
    token = next(one for one in tokens if one["name"] == "ada")
    assert token["roles"] == {"cars": "editor", "*": "viewer"}
    listed = run("tokens", "list").stdout
    assert "editor in cars" in listed
    assert made.stdout.strip() not in listed
    assert "is revoked" in run("tokens", "revoke", token["id"]).stdout
    assert "revoked" in run("tokens", "list").stdout
    assert run("tokens", "revoke", "tok-aaaaaaaaaa").exit_code == Exit.NOT_FOUND


def test_a_role_that_is_none_is_wrong_use(run) -> None:
    refused = run("tokens", "create", "ada", "--role", "cars=owner")
    assert refused.exit_code == Exit.WRONG_USE
    assert "PROJECT=viewer" in refused.stderr


def test_one_can_ask_who_one_is_and_sign_a_browser_in(run) -> None:
    assert "admin in every project" in run("tokens", "me").stdout
    assert run("signin").stdout.startswith("http://testserver/signin#code=")
    assert json.loads(run("signin", "--json").stdout)["link"].startswith("http://testserver/signin")
