"""What took long to find out and will not change, kept in the memory of a process."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Sized
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V", bound=Sized)


class Kept(Generic[K, V]):
    """Values of at most `max_size` together, by their `len`; those least recently asked for go first."""

    def __init__(self, max_size: int) -> None:
        self._max_size = max_size
        self._size = 0
        self._values: OrderedDict[K, V] = OrderedDict()

    async def get(self, key: K, find: Callable[[], Awaitable[V]]) -> V:
        """The value of `key`, which `find` gives where it is not there. One that is too large is not kept."""
        if key in self._values:
            self._values.move_to_end(key)
            return self._values[key]
        value = await find()
        if len(value) <= self._max_size and key not in self._values:
            self._values[key] = value
            self._size += len(value)
            while self._size > self._max_size:
                _, dropped = self._values.popitem(last=False)
                self._size -= len(dropped)
        return value
