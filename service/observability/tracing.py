"""OpenTelemetry traces of requests: on where OTEL_EXPORTER_OTLP_ENDPOINT is set, else nothing is even imported."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.types import Scope

from service.observability.redact import without_secrets

if TYPE_CHECKING:
    from opentelemetry.trace import Span, TracerProvider

logger = logging.getLogger(__name__)
_ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"


@dataclass
class RequestSpan:
    span: Span
    method: str

    def finish(self, route: str, status: int) -> None:
        from opentelemetry.trace import StatusCode

        self.span.update_name(f"{self.method} {route}")
        self.span.set_attribute("http.route", route)
        self.span.set_attribute("http.response.status_code", status)
        if status >= 500:
            self.span.set_status(StatusCode.ERROR)


class Tracing:
    """Makes a span of every request, below the span that its `traceparent` names."""

    def __init__(self, provider: TracerProvider) -> None:
        self._tracer = provider.get_tracer("stillhouse")

    @contextmanager
    def request(self, scope: Scope) -> Iterator[RequestSpan]:
        from opentelemetry.propagate import extract
        from opentelemetry.trace import SpanKind

        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        attributes: Mapping[str, Any] = {
            "http.request.method": scope["method"],
            "url.path": without_secrets(scope["path"]),
            "stillhouse.request_id": scope["state"]["request_id"],
        }
        with self._tracer.start_as_current_span(
            scope["method"], context=extract(headers), kind=SpanKind.SERVER, attributes=attributes
        ) as span:
            yield RequestSpan(span, scope["method"])


def tracing_from_environment() -> Tracing | None:
    """None where no endpoint is set, or where the packages of the extra `otel` are missing."""
    if not os.environ.get(_ENDPOINT):
        return None
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        logger.warning("%s is set, but there are no traces: %s; pip install 'stillhouse[otel]'", _ENDPOINT, error)
        return None
    name = os.environ.get("OTEL_SERVICE_NAME", "stillhouse-api")
    provider = TracerProvider(resource=Resource.create({"service.name": name}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return Tracing(provider)
