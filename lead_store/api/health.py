"""Whether the process lives, whether it can work, and what it counts."""

from collections.abc import Iterator
from typing import Literal

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector, CollectorRegistry

from lead_store.api import observing, trouble
from lead_store.api.shapes import Shape
from lead_store.storage import program_metrics
from lead_store.storage.database import transaction
from lead_store.storage.files import get_files

router = APIRouter(tags=["operation"])

# What the database counts: what it is, and by what it is told apart.
GAUGES = {
    "imports": ("Imports by status.", "status"),
    "queued_jobs": ("Jobs that wait or run, by task.", "task"),
    "deliveries": ("Messages to webhooks by status.", "status"),
}
COUNTERS = {
    "batches_done": "Batches imported.",
    "batch_rows": "Rows in them.",
    "batch_seconds": "Seconds that they took; rows by seconds is the speed of a worker.",
    "batch_attempts_repeated": "Batches begun again after a failure.",
}


class Health(Shape):
    """The answer of a process that lives, or is ready."""

    status: Literal["ok"] = "ok"


@router.get("/health")
def get_health() -> Health:
    """This process answers; nothing else is asked."""
    return Health()


@router.get("/ready", responses={503: trouble.tell()[503]})
def get_ready() -> Health:
    """Database and storage are reachable."""
    with transaction() as tx:
        program_metrics.require_database(tx)
    get_files().find_size("ready")
    return Health()


TEXT = {"description": "Metrics", "content": {"text/plain": {"schema": {"type": "string"}}}}


@router.get("/metrics", response_class=Response, responses={200: TEXT, 503: trouble.tell()[503]})
def get_metrics() -> Response:
    """Counts for Prometheus: of this process, and of the whole database."""
    with transaction() as tx:
        counts = program_metrics.get_counts(tx)
    counted = CollectorRegistry()
    counted.register(_Counts(counts))
    lines = generate_latest(observing.registry) + generate_latest(counted)
    return Response(lines, media_type=CONTENT_TYPE_LATEST)


class _Counts(Collector):
    """What the database counted, in Prometheus' words."""

    def __init__(self, counts: list[tuple[str, str, float]]) -> None:
        self.counts = counts

    def collect(self) -> Iterator[Metric]:
        """See Collector."""
        for name, (what, label) in GAUGES.items():
            gauge = GaugeMetricFamily(f"lead_store_{name}", what, labels=[label])
            for metric, value, count in self.counts:
                if metric == name:
                    gauge.add_metric([value], count)
            yield gauge
        for metric, _, count in self.counts:
            if metric in COUNTERS:
                yield CounterMetricFamily(f"lead_store_{metric}", COUNTERS[metric], value=count)
