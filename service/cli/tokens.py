"""`stillhouse tokens` and `stillhouse signin`: who may ask, and with what."""

from __future__ import annotations

import webbrowser
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from service.cli.output import AsJson, Server, client_for, hint, out, print_json
from service.cli.render import ago
from service.sdk import Token

app = typer.Typer(help="API tokens: who may ask, and for what.", no_args_is_help=True)


@app.command("list")
def list_tokens(
    limit: Annotated[int, typer.Option(min=1, max=200, help="At most so many.")] = 50,
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """List tokens, newest first: one's own, and those of projects that one administers.

    Example: stillhouse tokens list
    """
    with client_for(server, as_json=as_json) as client:
        page = client.tokens.list(limit=limit)
    if as_json:
        print_json(page)
    else:
        out().print(_table(page.items))


@app.command("create")
def create(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whom or what it is for; event logs show it.")],
    role: Annotated[
        list[str],
        typer.Option(
            metavar="PROJECT=ROLE", help="viewer, editor or admin in a project; * is every project; may be repeated."
        ),
    ],
    days: Annotated[float | None, typer.Option(min=0.001, help="Valid for so many days, else for ever.")] = None,
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """Make a token and print its secret, which nobody can ask for again.

    Example: stillhouse tokens create nightly --role cars=editor --days 90
    """
    roles = dict(_role(one) for one in role)
    expires_at = None if days is None else datetime.now(UTC) + timedelta(days=days)
    with client_for(server, as_json=as_json) as client:
        token = client.tokens.create(name, roles, expires_at=expires_at)
    if as_json:
        print_json(token)
    else:
        out().print(token.secret, markup=False)
        hint(f"{token.id} for {token.name}; use it as STILLHOUSE_TOKEN. It is shown this once.")


@app.command("revoke")
def revoke(
    token_id: Annotated[str, typer.Argument(metavar="ID", help="Id of a token.")],
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """End a token and every session made from it, at once.

    Example: stillhouse tokens revoke tok-k3v9x2m7qa
    """
    with client_for(server, as_json=as_json) as client:
        token = client.tokens.revoke(token_id)
    if as_json:
        print_json(token)
    else:
        out().print(f"{token.id} ({token.name}) is revoked", markup=False)


@app.command("me")
def me(server: Server = None, as_json: AsJson = False) -> None:
    """Show whose token this is and what it allows.

    Example: stillhouse tokens me
    """
    with client_for(server, as_json=as_json) as client:
        found = client.tokens.me()
    if as_json:
        print_json(found)
    else:
        until = "for ever" if found.expires_at is None else f"until {found.expires_at:%Y-%m-%d %H:%M} UTC"
        roles = ", ".join(f"{role} in {_project(project)}" for project, role in found.roles.items())
        out().print(f"{found.name} ({found.token_id}), valid {until}: {roles}", markup=False)


def signin(
    open_browser: Annotated[bool, typer.Option("--open", help="Open it in a browser.")] = False,
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """Print a link that signs a browser in, once and within ten minutes, with the rights of one's token.

    Example: stillhouse signin --open
    """
    with client_for(server, as_json=as_json) as client:
        code = client.tokens.sign_in_code()
        link = client.url + code.path
    if as_json:
        print_json({"link": link, "expires_at": code.expires_at.isoformat()})
    else:
        out().print(link, markup=False)
    if open_browser:
        webbrowser.open(link)


def _role(text: str) -> tuple[str, str]:
    project, equals, role = text.rpartition("=")
    if not equals or not project or role not in ("viewer", "editor", "admin"):
        raise typer.BadParameter(
            f"{text!r} is not understood, wanted PROJECT=viewer, =editor or =admin", param_hint="--role"
        )
    return project, role


def _table(tokens: list[Token]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("id", "name", "roles", "made", "used", "valid"):
        table.add_column(heading, no_wrap=heading == "id", overflow="fold")
    for token in tokens:
        roles = ", ".join(f"{role} in {_project(project)}" for project, role in token.roles.items())
        used = "never" if token.last_used_at is None else ago(token.last_used_at)
        table.add_row(token.id, Text(token.name), Text(roles), ago(token.created_at), used, _validity(token))
    return table


def _validity(token: Token) -> Text:
    if token.revoked_at is not None:
        return Text("revoked", style="red")
    if token.expires_at is None:
        return Text("for ever")
    over = token.expires_at < datetime.now(UTC)
    return Text(f"until {token.expires_at:%Y-%m-%d}", style="red" if over else "")


def _project(name: str) -> str:
    return "every project" if name == "*" else name
