"""Contacts: what the page says of them, who may change them, and who is reminded."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from tests.conftest import NOW
from tests.factories.guidance import make_card, make_contact, worried_page
from tests.factories.people import make_user
from tests.factories.texts import page, said
from vaern.audit.models import AuditEvent
from vaern.guidance.domain import mark_checked, remind_of_overdue
from vaern.guidance.models import Contact
from vaern.outbox.models import Message
from vaern.outbox.registry import renderer_of, timed_jobs

pytestmark = pytest.mark.usefixtures("site", "clock")
TODAY = NOW.date()
LIST = "/admin/contacts/"
START = "/er-du-bekymret/"


def show(*contacts: Contact) -> None:
    """Put contacts on the page for those who worry, in both languages."""
    for language in ("da", "en"):
        front = worried_page(language)
        front.body = [("contact", contact) for contact in contacts]
        front.save_revision().publish()


def boxes(html: str) -> list[str]:
    found = re.findall(r'<section class="v-contact">(.*?)</section>', html, re.S)
    return [" ".join(re.sub(r"<[^>]*>", " ", box).split()) for box in found]


# -- what the page says ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("checked", "unverified", "note"),
    [
        (dt.date(2026, 5, 23), False, said("Last checked: %(day)s", day="23. maj 2026")),
        (dt.date(2026, 5, 22), False, "Nummeret er ikke kontrolleret siden 22. maj 2026."),
        (None, False, said("The number has not been checked yet.")),
        (None, True, said("To be confirmed by the City of Copenhagen. The number has not been checked yet.")),
        (
            dt.date(2026, 11, 1),
            True,
            said("To be confirmed by the City of Copenhagen. Last checked %(day)s.", day="1. november 2026"),
        ),
    ],
)
def test_the_page_says_when_a_number_was_checked(
    client: Client, checked: dt.date | None, unverified: bool, note: str
) -> None:
    show(make_contact(last_checked_on=checked, unverified=unverified))
    (box,) = boxes(page(client, START))
    assert box.endswith(note)


def test_a_contact_in_both_languages(client: Client) -> None:
    show(make_contact("Råd", organisation_da="Kommunen", organisation_en="The City", last_checked_on=TODAY))
    danish, english = boxes(page(client, START)), boxes(page(client, "/en/are-you-worried/"))
    assert danish == [
        "Råd Kommunen 70 00 00 00 Hverdage 9-16 Du taler med en rådgiver. Ja, du kan være anonym. "
        + said("Last checked: %(day)s", day="23. november 2026")
    ]
    assert english == [
        "Råd (en) The City 70 00 00 00 Weekdays 9 to 4 You talk to an adviser. Yes, you can be anonymous. "
        "Last checked: 23 November 2026"
    ]


def test_an_english_page_shows_no_danish_words_but_a_marked_name(client: Client) -> None:
    english = {f"{name}_en": "" for name in ("name", "hours", "what_happens", "anonymous")}
    show(make_contact("Rådgivningen", last_checked_on=TODAY, **english))
    html = page(client, "/en/are-you-worried/")
    assert '<h2 class="v-contact__title" lang="da">Rådgivningen</h2>' in html
    assert boxes(html) == ["Rådgivningen 70 00 00 00 Last checked: 23 November 2026"]


def test_without_a_number_the_page_says_that_it_is_to_be_confirmed(client: Client) -> None:
    show(make_contact(phone="", unverified=True))
    html = page(client, START)
    assert said("The number is to be confirmed by the City of Copenhagen.") in html
    assert "v-contact__phone" not in html


def test_what_is_not_in_use_and_what_is_gone_are_not_shown(client: Client) -> None:
    contact, other = make_contact("Lukket", in_use=False), make_contact("Væk")
    show(contact, other)
    Contact.objects.filter(pk=other.pk).delete()
    assert boxes(page(client, START)) == []
    card = make_card(contacts=[("contact", contact)])
    assert "Lukket" not in page(client, card.url)


WEEK = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "9.00-15.00")


@pytest.mark.parametrize(
    ("moment", "fields", "state"),
    [
        ("2026-11-23 09:00", {}, "Open now"),
        ("2026-11-23 15:00", {}, "Closed now"),
        ("2026-11-22 12:00", {}, "Closed now"),
        ("2026-12-25 12:00", {}, None),  # a public holiday
        ("2026-12-24 12:00", {}, None),  # Christmas Eve: offices close
        ("2026-11-23 09:00", {"unverified": True}, None),
        ("2026-11-23 09:00", {"last_checked_on": dt.date(2026, 1, 1)}, None),
        ("2026-11-23 09:00", dict.fromkeys(WEEK, ""), None),
    ],
)
def test_open_now_only_where_it_is_certain(
    client: Client, moment: str, fields: dict[str, Any], state: str | None
) -> None:
    show(make_contact(**(WEEK | {"last_checked_on": dt.date(2026, 11, 1)} | fields)))
    with time_machine.travel(dt.datetime.fromisoformat(moment).replace(tzinfo=NOW.tzinfo), tick=False):
        html = page(client, START)
    assert [word for word in ("Open now", "Closed now") if said(word) in html] == ([state] if state else [])


# -- the record --------------------------------------------------------------------------------------------


def test_a_number_is_stored_as_it_is_rung() -> None:
    contact = make_contact(phone="41 74 90 90")
    contact.full_clean()
    assert contact.phone == "+4541749090"
    contact.phone, contact.monday = "ring", "9-15"
    with pytest.raises(ValidationError) as refused:
        contact.full_clean()
    assert sorted(refused.value.message_dict) == ["monday", "phone"]


def test_checked_today_is_recorded() -> None:
    user, contact = make_user("editor"), make_contact(unverified=True)
    mark_checked(contact_id=contact.pk, actor_id=user.pk, today=TODAY)
    contact.refresh_from_db()
    assert (contact.last_checked_on, contact.checked_by, contact.unverified) == (TODAY, user, False)
    events = AuditEvent.objects.filter(subject_type="contact").values_list("action", "subject_key", "actor", "facts")
    assert list(events) == [("contact.checked", str(contact.pk), user.pk, {})]


# -- the staff's screens -----------------------------------------------------------------------------------


def test_the_list_finds_what_needs_work(client: Client) -> None:
    make_contact("Ny", last_checked_on=TODAY)
    make_contact("Gammel", last_checked_on=dt.date(2026, 1, 1))
    make_contact("Aldrig", unverified=True)
    make_contact("Lukket", in_use=False)
    client.force_login(make_user("editor"))

    def names(**query: str) -> list[str]:
        html = page(client, LIST, **query)
        return [name for name in ("Ny", "Gammel", "Aldrig", "Lukket") if f">\n{name}\n" in re.sub(r"[ \t]+", "", html)]

    assert names() == ["Ny", "Gammel", "Aldrig", "Lukket"]
    assert names(check="overdue") == ["Gammel", "Aldrig"]
    assert names(check="unverified") == ["Aldrig"]
    assert names(q="gammel") == ["Gammel"]


def test_checked_today_takes_a_post(client: Client) -> None:
    contact = make_contact()
    path = f"{LIST}checked/{contact.pk}/"
    client.force_login(make_user("editor"))
    assert said("Yes, checked today") in page(client, path)
    assert Contact.objects.get().last_checked_on is None
    assert client.post(path).status_code == 302
    assert Contact.objects.get().last_checked_on == TODAY
    assert path in page(client, LIST)


@pytest.mark.parametrize("role", ["facilitator", "coordinator", "approver"])
def test_only_editors_check_and_change(client: Client, role: str) -> None:
    contact = make_contact()
    client.force_login(make_user(role))
    for path in (LIST, f"{LIST}checked/{contact.pk}/", f"{LIST}edit/{contact.pk}/", f"{LIST}add/"):
        assert client.get(path).status_code in {302, 403}, path
        assert client.post(path).status_code in {302, 403}, path
    assert Contact.objects.get().last_checked_on is None


def form(contact: Contact, **changes: Any) -> dict[str, Any]:
    names = [field.name for field in Contact._meta.fields if field.editable and field.name not in {"id", "responsible"}]
    values = {name: getattr(contact, name) for name in names}
    return {name: value for name, value in (values | changes).items() if value is not False}


def test_a_changed_contact_is_recorded_and_a_new_number_is_not_checked(client: Client) -> None:
    contact = make_contact(last_checked_on=TODAY)
    client.force_login(make_user("editor"))
    client.post(f"{LIST}edit/{contact.pk}/", form(contact, hours_da="Hele døgnet"))
    contact.refresh_from_db()
    assert (contact.hours_da, contact.last_checked_on) == ("Hele døgnet", TODAY)
    client.post(f"{LIST}edit/{contact.pk}/", form(contact, phone="33 17 33 33"))
    contact.refresh_from_db()
    assert (contact.phone, contact.last_checked_on) == ("+4533173333", None)
    assert list(AuditEvent.objects.order_by("pk").values_list("action", "facts")) == [
        ("contact.changed", {"fields": ["hours_da"]}),
        ("contact.changed", {"fields": ["phone"]}),
    ]


def test_a_new_contact_is_recorded_and_none_is_deleted(client: Client) -> None:
    client.force_login(make_user("administrator", is_superuser=True))
    values = form(make_contact(), name_da="Ny", phone="114")
    assert client.post(f"{LIST}add/", values).status_code == 302
    contact = Contact.objects.get(name_da="Ny")
    assert AuditEvent.objects.get().action == "contact.added"
    assert client.post(f"{LIST}delete/{contact.pk}/").status_code == 404
    client.post(f"/admin/bulk/guidance/contact/delete/?id={contact.pk}")
    assert Contact.objects.filter(pk=contact.pk).exists()


# -- reminders ---------------------------------------------------------------------------------------------


def remind() -> int:
    return remind_of_overdue(now=timezone.now(), today=timezone.localdate())


def told() -> dict[str, list[list[int]]]:
    found: dict[str, list[list[int]]] = {}
    for message in Message.objects.order_by("pk"):
        found.setdefault(message.recipient, []).append(message.context["contacts"])
    return found


def test_each_number_is_in_one_mail_a_week(clock: time_machine.Coordinates) -> None:
    keeper = make_user("editor", "ansvarlig@example.dk")
    first, second = make_contact("A", responsible=keeper), make_contact("B", responsible=keeper)
    make_contact("Kontrolleret", responsible=keeper, last_checked_on=TODAY)
    make_contact("Ikke i brug", responsible=keeper, in_use=False)
    assert (remind(), remind()) == (1, 0)
    assert told() == {"ansvarlig@example.dk": [[first.pk, second.pk]]}
    clock.move_to(NOW + dt.timedelta(days=6))  # Sunday of the same week
    assert remind() == 0
    mark_checked(contact_id=first.pk, actor_id=keeper.pk, today=TODAY)
    clock.move_to(NOW + dt.timedelta(days=7))
    assert remind() == 1
    assert told() == {"ansvarlig@example.dk": [[first.pk, second.pk], [second.pk]]}


def test_without_a_responsible_person_all_editors_are_told() -> None:
    make_user("coordinator", "andre@example.dk")
    gone = make_user("editor", "stoppet@example.dk", is_active=False)
    for email in ("b@example.dk", "a@example.dk"):
        make_user("editor", email)
    one, other = make_contact("Uden"), make_contact("Forladt", responsible=gone)
    assert remind() == 2
    ids = sorted([one.pk, other.pk])
    assert {who: [sorted(ids_) for ids_ in lists] for who, lists in told().items()} == {
        "a@example.dk": [ids],
        "b@example.dk": [ids],
    }


def test_a_site_without_editors_forgets_nothing() -> None:
    make_contact()
    assert remind() == 0
    make_user("editor")
    assert remind() == 1


def test_the_mail_names_the_numbers_and_where_to_go() -> None:
    old = make_contact("Gammel", phone="+4533173333", last_checked_on=dt.date(2026, 1, 5))
    none = make_contact("Ukendt", phone="")
    mail = renderer_of("guidance.contacts_overdue")({"contacts": [old.pk, none.pk]})
    assert mail.subject == said("Telephone numbers that need checking")
    lines = [line for line in mail.body.splitlines() if line.startswith("- ")]
    assert lines == [
        "- Gammel, 33 17 33 33: sidst kontrolleret 5. januar 2026",
        "- Ukendt, intet nummer endnu: aldrig kontrolleret",
    ]
    assert mail.body.endswith("/admin/contacts/?check=overdue")


def test_it_is_a_weekly_job_and_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    (job,) = [job for job in timed_jobs() if job.name == "remind_contacts"]
    assert job.every == dt.timedelta(days=7)
    make_user("editor")
    make_contact()
    call_command("remind_contacts")
    call_command("remind_contacts")
    assert capsys.readouterr().out == "1 reminded.\n0 reminded.\n"
