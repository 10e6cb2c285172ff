"""`python -m tests.composed.relay SOCKET HOST PORT`: passes a unix socket's connections on to an address.

A socket in the file system reaches into the namespaces of a machine, where a port does not.
"""

from __future__ import annotations

import asyncio
import sys


async def relay(path: str, host: str, port: int) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there_reader, there_writer = await asyncio.open_connection(host, port)
        except OSError:
            writer.close()  # nobody listens: the asker finds its connection closed
            return
        await asyncio.gather(_copy(reader, there_writer), _copy(there_reader, writer))

    server = await asyncio.start_unix_server(serve, path)
    async with server:
        await server.serve_forever()


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    try:
        while piece := await source.read(2**16):
            target.write(piece)
            await target.drain()
    except ConnectionError:
        pass  # the other side went away, which ends this direction as well
    finally:
        target.close()


if __name__ == "__main__":
    asyncio.run(relay(sys.argv[1], sys.argv[2], int(sys.argv[3])))
