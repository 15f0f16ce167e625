"""Anonymous readers get kept pages; what changes is seen on the next request; nothing personal is kept."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.cache import caches
from django.db import connection, transaction
from django.test import Client, override_settings
from django.urls import reverse
from wagtail.models import PageViewRestriction

from bookings.domain.booking import cancel
from tests.conftest import NOW
from tests.factories.bookings import make_booking, make_session
from tests.factories.people import make_user
from vaern.outbox.models import JobRun
from vaern.pagecache.jobs import purge_old_changes
from vaern.pagecache.models import Change, current_stamp
from vaern.pages.models import ArticlePage, HomePage

# Real commits: in one big transaction, one stamp stands for everything.
pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture(autouse=True)
def _kept(settings: Any) -> Iterator[None]:
    settings.VAERN_PAGE_CACHE = True
    caches["pages"].clear()
    with time_machine.travel(NOW, tick=False):
        yield
    caches["pages"].clear()


def article(**fields: Any) -> ArticlePage:
    home = HomePage.objects.get(locale__language_code="da")
    page = ArticlePage(title="Om os", slug="om-os", intro="Første tekst.", **fields)
    home.add_child(instance=page)
    page.save_revision().publish()
    return page


def test_the_second_reader_costs_one_query_and_gets_the_same_page(
    client: Client, django_assert_num_queries: Any
) -> None:
    first = client.get("/")
    with django_assert_num_queries(1):
        second = Client().get("/")
    assert (second.status_code, second.content) == (200, first.content)
    assert second.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]


def test_a_page_that_the_reader_has_is_not_sent_again(client: Client) -> None:
    etag = client.get("/").headers["ETag"]
    again = client.get("/", headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")


def test_what_is_published_is_seen_at_once_and_a_draft_is_not(client: Client) -> None:
    page = article()
    assert "Første tekst." in client.get("/om-os/").content.decode()
    page.intro = "Anden tekst."
    page.save_revision()
    assert "Første tekst." in client.get("/om-os/").content.decode()
    page.get_latest_revision().publish()
    assert "Anden tekst." in client.get("/om-os/").content.decode()
    page.unpublish()
    assert client.get("/om-os/").status_code == 404


def test_a_bulk_update_past_all_verbs_is_seen_too(client: Client) -> None:
    article()
    client.get("/om-os/")
    ArticlePage.objects.update(intro="Rettet i en skal.")
    assert "Rettet i en skal." in client.get("/om-os/").content.decode()


def test_a_booking_and_its_cancellation_are_seen_at_once(client: Client) -> None:
    session = make_session(capacity=30)
    path = session.workshop.get_url()

    def room() -> str:
        return client.get(path).content.decode()

    assert "Plads til 30 elever" in room()
    booking = make_booking(session, pupils=25)
    assert "Plads til 30 elever" not in room()
    cancel(booking_id=booking.pk)
    assert "Plads til 30 elever" in room()


def test_a_date_that_closes_by_the_clock_closes_on_the_kept_page(client: Client) -> None:
    session = make_session(closes_at=NOW + dt.timedelta(minutes=1))
    path, book = session.workshop.get_url(), reverse("bookings:book", args=[session.uuid])
    before = client.get(path).content.decode()
    with time_machine.travel(NOW + dt.timedelta(minutes=1), tick=False):
        after = client.get(path).content.decode()
    assert (book in before, book in after) == (True, False)


@pytest.mark.parametrize("address", ["/min-side/", "/log-ind/", "/findes-ikke/"])
def test_personal_pages_forms_and_errors_are_not_kept(client: Client, address: str) -> None:
    client.get(address)
    assert len(caches["pages"]._cache) == 0


def test_a_signed_in_reader_is_neither_answered_from_memory_nor_kept(client: Client) -> None:
    anonymous = client.get("/").content.decode()
    client.force_login(make_user(role="coordinator"))
    own = client.get("/").content.decode()
    assert "Min side" in own
    assert "Min side" not in anonymous
    assert "Min side" not in Client().get("/").content.decode()


def test_a_reader_with_a_form_token_leaves_no_page_behind(client: Client) -> None:
    client.cookies["csrftoken"] = "x" * 32
    client.get("/")
    assert len(caches["pages"]._cache) == 0
    Client().get("/")
    assert len(caches["pages"]._cache) == 1


def test_a_page_made_private_is_gone_at_once(client: Client) -> None:
    page = article()
    assert client.get("/om-os/").status_code == 200
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    assert client.get("/om-os/").status_code == 302


def test_each_language_host_and_query_has_a_page_of_its_own(client: Client) -> None:
    pages = [client.get(path, headers=headers).content for path, headers in (("/", {}), ("/en/", {}), ("/?x=1", {}))]
    assert pages[0] != pages[1]
    assert len(caches["pages"]._cache) == 3


@transaction.atomic
def change_and_fail() -> None:
    """Write public content and take it back."""
    ArticlePage.objects.update(intro="Aldrig.")
    raise RuntimeError


def test_a_rolled_back_change_leaves_the_stamp_and_the_next_one_moves_it() -> None:
    article()
    before = current_stamp()
    with pytest.raises(RuntimeError):
        change_and_fail()
    assert current_stamp() == before
    ArticlePage.objects.update(intro="Nu.")
    assert current_stamp() != before


def test_a_change_after_a_rolled_back_savepoint_is_stamped() -> None:
    article()
    before = current_stamp()
    with transaction.atomic():
        with pytest.raises(RuntimeError):
            change_and_fail()
        ArticlePage.objects.update(intro="Nu.")
    assert current_stamp() != before


def test_one_transaction_is_stamped_once_and_the_worker_s_rows_not_at_all() -> None:
    article()
    number = Change.objects.count()
    with transaction.atomic():
        for text in ("Et", "To", "Tre"):
            ArticlePage.objects.update(intro=text)
    assert Change.objects.count() == number + 1
    JobRun.objects.update_or_create(name="x", defaults={"due_at": NOW})
    assert Change.objects.count() == number + 1


def test_old_stamps_are_purged_and_the_newest_stay() -> None:
    Change.objects.all().delete()
    old, new = (Change.objects.create() for _ in range(2))
    Change.objects.filter(pk=old.pk).update(at=NOW - dt.timedelta(hours=1))
    Change.objects.filter(pk=new.pk).update(at=NOW)
    assert purge_old_changes() == 1
    assert Change.objects.get() == new


@override_settings(VAERN_PAGE_CACHE=False)
def test_it_can_be_switched_off(client: Client) -> None:
    client.get("/")
    assert len(caches["pages"]._cache) == 0


def test_the_earlier_of_two_transactions_committing_last_moves_the_stamp() -> None:
    """The greatest number alone would keep a page that the slower of two transactions made wrong."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    article()
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                HomePage.objects.update(intro="Den langsomme.")
                begun.set()
                go_on.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert begun.wait(20)
    ArticlePage.objects.update(intro="Den hurtige.")
    between = current_stamp()
    go_on.set()
    thread.join(20)
    assert current_stamp() != between
    assert current_stamp().split(".")[0] == between.split(".")[0]
