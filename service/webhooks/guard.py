"""Keeping webhooks out of private networks: a host is resolved once, every address of it is checked, and the
connection goes to a checked address. So a name cannot mean one thing to the check and another to the connection."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

import httpx

from service.webhooks.errors import AddressRefused

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
# Public by their number, and yet not the internet: a cloud's own services, and IPv6 ranges that carry IPv4 inside.
_REFUSED = [
    ipaddress.ip_network(each)
    for each in ("168.63.129.16/32", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
]
# Name servers may be slow; those who wait for one hold no thread of the reconciler.
_resolvers = ThreadPoolExecutor(max_workers=4, thread_name_prefix="webhook-names")


def check_address(address: Address, allowed: Sequence[Network]) -> None:
    """Raises AddressRefused where no webhook may be sent to `address`."""
    mapped = getattr(address, "ipv4_mapped", None)
    meant: Address = mapped or address
    if any(meant in network for network in allowed if network.version == meant.version):
        return
    is_refused = any(meant in network for network in _REFUSED if network.version == meant.version)
    if not meant.is_global or meant.is_multicast or is_refused:
        raise AddressRefused(
            f"{meant} is not an address of the public internet; STILLHOUSE_WEBHOOKS_ALLOW_PRIVATE names networks that "
            "are allowed in spite of that"
        )


def literal_address(host: str) -> Address | None:
    """The address that a host is, where it is one and no name."""
    try:
        return ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return None


async def resolve(host: str, port: int) -> Sequence[str]:
    """All addresses of a host. Raises OSError."""

    def ask() -> list[str]:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        return list(dict.fromkeys(str(each[4][0]) for each in found))

    return await asyncio.get_running_loop().run_in_executor(_resolvers, ask)


class GuardedTransport(httpx.AsyncBaseTransport):
    """Connects to checked addresses only. Each request has a connection of its own: one that was made for a host is
    never used for another at the same address."""

    def __init__(self, allowed: Sequence[Network], *, resolver: Resolve = resolve) -> None:
        self._allowed = tuple(allowed)
        self._resolve = resolver
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
        self._inner = httpx.AsyncHTTPTransport(trust_env=False, limits=limits)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        try:
            addresses = [ipaddress.ip_address(each.partition("%")[0]) for each in await self._resolve(host, port)]
        except (OSError, UnicodeError) as error:
            raise httpx.ConnectError(f"the name {host!r} was not found", request=request) from error
        if not addresses:
            raise httpx.ConnectError(f"the name {host!r} has no address", request=request)
        for address in addresses:
            check_address(address, self._allowed)
        if literal_address(host) is None:
            request.extensions = {**request.extensions, "sni_hostname": host}
        request.url = request.url.copy_with(host=str(addresses[0]))
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self._inner.aclose()
