"""Prometheus metrics: what this process measures itself, and what the database tells at the time of a scrape."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from service.jobs.lifecycle import JobState
from service.observability.repository import Numbers

_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10)


class Meters:
    """What one API process measures."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.latency = Histogram(
            "stillhouse_http_request_duration_seconds",
            "Time until the last byte of an answer left; streams are not in it.",
            ["method", "route", "status"],
            buckets=_BUCKETS_S,
            registry=self.registry,
        )
        self.subscribers = Gauge(
            "stillhouse_stream_subscribers", "Live streams that are open in this process.", registry=self.registry
        )


def render(meters: Meters, numbers: Numbers) -> bytes:
    """The text that Prometheus scrapes."""
    from_database = CollectorRegistry()
    from_database.register(_FromDatabase(numbers))
    return generate_latest(meters.registry) + generate_latest(from_database)


class _FromDatabase(Collector):
    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers

    def collect(self) -> list[Metric]:
        numbers = self._numbers
        jobs = GaugeMetricFamily("stillhouse_jobs", "Jobs and sweeps by state.", labels=["state"])
        for state in JobState:
            jobs.add_metric([state.value], numbers.jobs.get(state, 0))
        attempts = CounterMetricFamily("stillhouse_attempts", "Attempts by outcome.", labels=["outcome"])
        for outcome, count in sorted(numbers.attempts.items()):
            attempts.add_metric([outcome], count)
        now = numbers.now
        oldest = numbers.oldest_queued_at
        waits = GaugeMetricFamily(
            "stillhouse_queue_wait_seconds", "From submit to the first attempt, of the last 200.", labels=["quantile"]
        )
        for quantile, seconds in numbers.wait_quantiles_s.items():
            waits.add_metric([quantile], seconds)
        families: list[Metric] = [
            jobs,
            attempts,
            waits,
            _gauge("stillhouse_queue_depth", "Jobs that wait for resources.", numbers.jobs.get(JobState.QUEUED, 0)),
            _gauge(
                "stillhouse_queue_oldest_wait_seconds",
                "How long the oldest queued job has been waiting.",
                (now - oldest).total_seconds() if oldest else 0,
            ),
            _gauge(
                "stillhouse_reconciler_active",
                "1 while a reconciler holds the lease.",
                int(numbers.lease_expires_at is not None and numbers.lease_expires_at > now),
            ),
        ]
        if numbers.round_at is not None:
            age = (now - numbers.round_at).total_seconds()
            words = "Age of the reconciler's last whole round, as its lease tells it (renewed every few seconds)."
            families.append(_gauge("stillhouse_reconcile_lag_seconds", words, max(0.0, age)))
        return families


def _gauge(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, words, value=value)
