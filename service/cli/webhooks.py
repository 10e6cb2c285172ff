"""`stillhouse webhooks`: telling other programs what happens to jobs."""

from __future__ import annotations

from typing import Annotated, Literal

import typer
from rich.table import Table
from rich.text import Text

from service.cli.output import AsJson, Server, client_for, hint, out, print_json
from service.cli.registered import AtMost, OfProject, new_table, print_deleted, print_page
from service.cli.render import ago
from service.sdk import Delivery, JobState, Webhook

app = typer.Typer(help="Webhooks: telling other programs what happens to jobs.", no_args_is_help=True)
WebhookId = Annotated[str, typer.Argument(metavar="ID", help="Id of a webhook.")]
States = Annotated[
    list[JobState] | None, typer.Option("--state", help="Tell of this new state of jobs; may be repeated, else all.")
]
_STYLES = {"pending": "cyan", "delivered": "green", "failed": "red"}


@app.command("list")
def list_webhooks(
    project: OfProject = None,
    limit: AtMost = 50,
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """List the webhooks of projects that one administers.

    Example: stillhouse webhooks list
    """
    with client_for(server, as_json=as_json) as client:
        page = client.webhooks.list(project=project, limit=limit)
    nothing = "no webhooks; make one with: stillhouse webhooks create URL"
    print_page(page, lambda: _table(page.items), nothing=nothing, as_json=as_json)


@app.command("create")
def create(
    url: Annotated[str, typer.Argument(metavar="URL", help="Where the messages are sent.")],
    project: Annotated[str, typer.Option(help="Whose jobs are told of; * is every project.")] = "default",
    state: States = None,
    secret: Annotated[
        str | None,
        typer.Option(envvar="STILLHOUSE_WEBHOOK_SECRET", help="What signs the messages: whsec_..., else one is made."),
    ] = None,
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """Have changes of jobs sent to an address. Prints the secret that signs them, which is shown this once.

    Example: stillhouse webhooks create https://example.com/hook --state succeeded --state failed
    """
    with client_for(server, as_json=as_json) as client:
        made = client.webhooks.create(url, project=project, states=state or (), secret=secret)
    if as_json:
        print_json(made)
    else:
        out().print(made.secret, markup=False)
        hint(f"{made.id} signs with this secret; it is shown this once. Try it: stillhouse webhooks test {made.id}")


@app.command("change")
def change(
    webhook_id: WebhookId,
    url: Annotated[str | None, typer.Option(help="A new address.")] = None,
    state: States = None,
    every_state: Annotated[bool, typer.Option("--every-state", help="Tell of all states.")] = False,
    enabled: Annotated[bool | None, typer.Option("--enable/--disable", help="Send again, or no more.")] = None,
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """Change a webhook. One that was disabled by itself gets another chance with --enable.

    Example: stillhouse webhooks change hook-k3v9x2m7qa --enable
    """
    states = [] if every_state else state
    if (state and every_state) or (url is None and states is None and enabled is None):
        raise typer.BadParameter("say what shall change: --url, --state or --every-state, --enable or --disable")
    with client_for(server, as_json=as_json) as client:
        found = client.webhooks.change(webhook_id, url=url, states=states, enabled=enabled)
    if as_json:
        print_json(found)
    else:
        out().print(_table([found]))


@app.command("delete")
def delete(webhook_id: WebhookId, server: Server = None, as_json: AsJson = False) -> None:
    """Remove a webhook and its deliveries.

    Example: stillhouse webhooks delete hook-k3v9x2m7qa
    """
    with client_for(server, as_json=as_json) as client:
        client.webhooks.delete(webhook_id)
    print_deleted(webhook_id, as_json=as_json)


@app.command("test")
def send_test(webhook_id: WebhookId, server: Server = None, as_json: AsJson = False) -> None:
    """Send a message that says it is a test.

    Example: stillhouse webhooks test hook-k3v9x2m7qa
    """
    with client_for(server, as_json=as_json) as client:
        sent = client.webhooks.test(webhook_id)
    _tell(sent, as_json=as_json)


@app.command("deliveries")
def deliveries(
    webhook_id: WebhookId,
    state: Annotated[Literal["pending", "delivered", "failed"] | None, typer.Option(help="Only these.")] = None,
    limit: AtMost = 20,
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """List what was sent to a webhook and how it went, newest first.

    Example: stillhouse webhooks deliveries hook-k3v9x2m7qa --state failed
    """
    with client_for(server, as_json=as_json) as client:
        page = client.webhooks.deliveries(webhook_id, state=state, limit=limit)
    print_page(page, lambda: _deliveries(page.items), nothing="nothing was sent yet", as_json=as_json)


def _deliveries(sent: list[Delivery]) -> Table:
    table = new_table("id", "what", "state", "tries", "made", "how it went", right=("tries",))
    for one in sent:
        word = Text(one.state, style=_STYLES[one.state])
        table.add_row(one.id, one.kind, word, str(one.num_tries), ago(one.created_at), Text(_how(one)))
    return table


@app.command("redeliver")
def redeliver(
    webhook_id: WebhookId,
    delivery_id: Annotated[str, typer.Argument(metavar="DELIVERY", help="Id of a delivery.")],
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """Send a message again, under the same id.

    Example: stillhouse webhooks redeliver hook-k3v9x2m7qa msg-k3v9x2m7qak3v9x2
    """
    with client_for(server, as_json=as_json) as client:
        sent = client.webhooks.redeliver(webhook_id, delivery_id)
    _tell(sent, as_json=as_json)


def _tell(sent: Delivery, *, as_json: bool) -> None:
    if as_json:
        print_json(sent)
    else:
        out().print(f"{sent.id} is {sent.state}", markup=False)
        hint(f"see how it goes with: stillhouse webhooks deliveries {sent.webhook_id}")


def _table(webhooks: list[Webhook]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("id", "project", "url", "tells of", "made", "state"):
        table.add_column(heading, no_wrap=heading == "id", overflow="fold")
    for one in webhooks:
        states = ", ".join(one.states) or "every state"
        table.add_row(one.id, Text(one.project), Text(one.url), states, ago(one.created_at), _state(one))
    return table


def _state(webhook: Webhook) -> Text:
    if not webhook.enabled:
        return Text(f"disabled: {webhook.disabled_reason}" if webhook.disabled_reason else "disabled", style="red")
    if webhook.failing_since is not None:
        return Text(f"failing since {webhook.failing_since:%Y-%m-%d %H:%M} UTC", style="yellow")
    return Text("enabled", style="green")


def _how(delivery: Delivery) -> str:
    """The last try in words."""
    if not delivery.tries:
        return ""
    last = delivery.tries[-1]
    return last.error or f"answered {last.status} in {last.seconds:.2f} s"
