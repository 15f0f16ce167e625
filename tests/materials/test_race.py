"""Counting and publishing at the same moment, on real connections."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from materials.domain.counting import count_download
from materials.domain.versions import publish_version
from materials.models import DownloadCount, MaterialPage, MaterialVersion, VersionFile
from tests.factories.materials import make_file, make_material

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
DAY = dt.date(2026, 11, 23)
THREADS, EACH = 8, 5


def together(work: Any) -> None:
    """Run `work` in all threads, beginning at once, each on a connection of its own."""
    start = Barrier(THREADS)

    def run(_number: int) -> None:
        start.wait()
        try:
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(run, range(THREADS)))


@pytest.mark.usefixtures("site")
def test_no_download_is_lost_on_the_first_one_of_a_day_or_later() -> None:
    make_material(files=[make_file()])
    file_id = VersionFile.objects.get().pk

    def work() -> None:
        for _ in range(EACH):
            count_download(file_id=file_id, day=DAY)

    together(work)
    assert list(DownloadCount.objects.values_list("day", "count")) == [(DAY, THREADS * EACH)]


@pytest.mark.usefixtures("site")
def test_publishing_the_same_at_once_makes_one_version() -> None:
    material = make_material("Første")
    MaterialPage.objects.filter(pk=material.pk).update(title="Anden")
    together(lambda: publish_version(material_id=material.pk, now=timezone.now()))
    assert list(MaterialVersion.objects.order_by("number").values_list("number", "is_current")) == [
        (1, False),
        (2, True),
    ]
