"""What makes one method of a resource a plain call in `Client` and a coroutine in `AsyncClient`."""

from __future__ import annotations

import functools
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from types import MethodType
from typing import Any, Concatenate, Generic, ParamSpec, Self, TypeVar, overload

from service.sdk._session import Session
from service.sdk._wire import finish, iterate

P = ParamSpec("P")
R = TypeVar("R")
M = TypeVar("M", bound="Mode")


class Mode:
    """How a resource is called. Only types: no instance is ever made."""


class Sync(Mode):
    """Methods return results, and iterators."""


class Async(Mode):
    """Methods return coroutines, and asynchronous iterators."""


class Resource(Generic[M]):
    """Base of what a client groups its methods by, such as `client.jobs`."""

    def __init__(self, session: Session) -> None:
        self._session = session


class Operation(Generic[P, R]):
    """A method that asks and returns one answer."""

    def __init__(self, function: Callable[Concatenate[Any, P], Coroutine[Any, Any, R]], operation_id: str) -> None:
        self._function = function
        self.operation_id = operation_id
        self.__doc__ = function.__doc__

    @overload
    def __get__(self, resource: None, owner: type) -> Self: ...
    @overload
    def __get__(self, resource: Resource[Sync], owner: type) -> Callable[P, R]: ...
    @overload
    def __get__(self, resource: Resource[Async], owner: type) -> Callable[P, Coroutine[Any, Any, R]]: ...
    def __get__(self, resource: Resource[Any] | None, owner: type) -> Any:
        if resource is None:
            return self
        bound = MethodType(self._function, resource)
        if resource._session.wire.is_async:
            return bound
        return functools.update_wrapper(lambda *args, **named: finish(bound(*args, **named)), bound)


class Stream(Generic[P, R]):
    """A method that goes on answering: an iterator."""

    def __init__(self, function: Callable[Concatenate[Any, P], AsyncGenerator[R, None]], operation_id: str) -> None:
        self._function = function
        self.operation_id = operation_id
        self.__doc__ = function.__doc__

    @overload
    def __get__(self, resource: None, owner: type) -> Self: ...
    @overload
    def __get__(self, resource: Resource[Sync], owner: type) -> Callable[P, Generator[R, None, None]]: ...
    @overload
    def __get__(self, resource: Resource[Async], owner: type) -> Callable[P, AsyncGenerator[R, None]]: ...
    def __get__(self, resource: Resource[Any] | None, owner: type) -> Any:
        if resource is None:
            return self
        bound = MethodType(self._function, resource)
        if resource._session.wire.is_async:
            return bound
        return functools.update_wrapper(lambda *args, **named: iterate(bound(*args, **named)), bound)


def operation(
    operation_id: str,
) -> Callable[[Callable[Concatenate[Any, P], Coroutine[Any, Any, R]]], Operation[P, R]]:
    """Make a method of a coroutine function; `operation_id` is the operation of the API that it calls."""
    return lambda function: Operation(function, operation_id)


def stream(operation_id: str) -> Callable[[Callable[Concatenate[Any, P], AsyncGenerator[R, None]]], Stream[P, R]]:
    """Make a method of an asynchronous generator function; see `operation`."""
    return lambda function: Stream(function, operation_id)
