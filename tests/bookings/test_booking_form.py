"""What can be typed, pasted or forged into the booking form: an answer in words, never a failure, never a seat."""

from __future__ import annotations

import datetime as dt
import html
import uuid

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from bookings.forms import HeadCountField, PhoneField, PlainCharField
from bookings.models import Booking, Session
from tests.factories.bookings import make_session
from tests.factories.courses import make_workshop
from tests.factories.forms import book_url, booking_form
from tests.factories.people import make_school
from vaern.outbox.models import Message
from vaern.outbox.relay import send_next

pytestmark = pytest.mark.usefixtures("site", "clock")

TEXT_FIELDS = ["school_name", "name", "phone", "responsible_name", "groups-0-label"]


@pytest.fixture
def session() -> Session:
    return make_session(workshop=make_workshop(grade_from=7, grade_to=9))


def has_error(page: str, field: str) -> bool:
    return f'id="id_{field}_error"' in page and f'href="#id_{field}"' in page


def no_seat(session: Session) -> bool:
    session.refresh_from_db()
    return (session.seats_taken, Booking.objects.count(), Message.objects.count()) == (0, 0, 0)


def refused(client: Client, session: Session, field: str, **changes: str) -> None:
    """Send the form with `changes`; there must be an error at `field` (or in the summary) and no seat taken."""
    data = booking_form(make_school(), responsible_name="Bo Bæk", responsible_email="bo@example.dk") | changes
    response = client.post(book_url(session), data)
    page = response.content.decode()
    assert response.status_code == 200
    assert "data-error-summary" in page
    if field:
        assert has_error(page, field)
    assert no_seat(session)


def test_the_careful_form_is_accepted(client: Client, session: Session) -> None:
    """The twin of every refusal below."""
    data = booking_form(make_school(), responsible_name="Bo Bæk", responsible_email="bo@example.dk")
    assert client.post(book_url(session), data).status_code == 302
    session.refresh_from_db()
    assert (session.seats_taken, Booking.objects.count(), Message.objects.count()) == (10, 1, 2)


@pytest.mark.parametrize("pupils", ["0", "-1", "201", str(10**9), "½", "", "1e3", "٣", "9" * 5000])
def test_numbers_of_pupils_that_are_none(client: Client, session: Session, pupils: str) -> None:
    refused(client, session, "groups-0-pupils", **{"groups-0-pupils": pupils})


@pytest.mark.parametrize("adults", ["-1", "51", "", "٣"])
def test_numbers_of_adults_that_are_none(client: Client, session: Session, adults: str) -> None:
    refused(client, session, "groups-0-adults", **{"groups-0-adults": adults})


@pytest.mark.parametrize(
    "written", ["1_0", "10 elever", "1,5", "1.5", "0x1a", "NaN", "１０", "٣٤", "--1", "²", "10\x00", "1 0", "9" * 5000]
)
def test_numbers_are_written_with_ordinary_digits(written: str) -> None:
    with pytest.raises(ValidationError):
        HeadCountField(min_value=0, max_value=200).clean(written)


@pytest.mark.parametrize(("written", "number"), [("0", 0), ("200", 200), (" 24 ", 24), ("024", 24)])
def test_ordinary_numbers(written: str, number: int) -> None:
    assert HeadCountField(min_value=0, max_value=200).clean(written) == number


@pytest.mark.parametrize("field", [*TEXT_FIELDS, "email", "responsible_email", "school", "groups-0-grade"])
def test_nul_in_a_field(client: Client, session: Session, field: str) -> None:
    refused(client, session, field, **{field: "7\x00A"})


@pytest.mark.parametrize("field", [*TEXT_FIELDS, "email", "responsible_email"])
def test_line_breaks_in_a_field(client: Client, session: Session, field: str) -> None:
    refused(client, session, field, **{field: "7\r\nBcc: x@example.dk"})


@pytest.mark.parametrize("char", ["\n", "\r", "\t", "\u2028", "\u2029", "\u0085", "\x0b", "\x1b", "\x7f", "\x00"])
def test_control_characters_are_an_error_and_never_silently_mended(char: str) -> None:
    with pytest.raises(ValidationError):
        PlainCharField().clean(f"Åse{char}Ødegård")
    assert PlainCharField().clean(f"Åse Ødegård{char if char.isspace() else ''}") == "Åse Ødegård"


@pytest.mark.parametrize("field", [*TEXT_FIELDS, "email", "responsible_email"])
def test_texts_longer_than_their_column(client: Client, session: Session, field: str) -> None:
    tail = "@example.dk" if "email" in field else ""
    refused(client, session, field, **{field: "7" * 1000 + tail})


def test_texts_that_grow_when_they_are_folded(client: Client, session: Session) -> None:
    refused(client, session, "groups-0-label", **{"groups-0-label": "ß" * 20})
    refused(client, session, "school_name", school="unlisted", school_name="ß" * 200)
    refused(client, session, "groups-0-label", **{"groups-0-label": "ﷺ" * 20})


def test_a_body_of_ten_megabytes(client: Client, session: Session) -> None:
    data = booking_form(make_school(), name="x" * 10 * 1024 * 1024)
    assert client.post(book_url(session), data).status_code == 413
    assert no_seat(session)


@pytest.mark.parametrize("label", ["...", "🎉"])
def test_a_class_needs_a_letter_or_a_digit(client: Client, session: Session, label: str) -> None:
    refused(client, session, "groups-0-label", **{"groups-0-label": label})


@pytest.mark.parametrize("phone", ["", "112"])
def test_a_phone_number_is_needed(client: Client, session: Session, phone: str) -> None:
    refused(client, session, "phone", phone=phone)


@pytest.mark.parametrize(
    "phone", ["1234567", "+45 12 34 56 7a", "١٢٣٤٥٦٧٨", "12-34-56-78", "+" * 10, "1" * 16, "12+345678"]
)
def test_phone_numbers_that_are_none(phone: str) -> None:
    with pytest.raises(ValidationError):
        PhoneField().clean(phone)


@pytest.mark.parametrize("phone", ["12345678", "12 34 56 78", "+45 12 34 56 78", "+4915112345678"])
def test_phone_numbers(phone: str) -> None:
    assert PhoneField().clean(phone) == phone


@pytest.mark.parametrize("email", ["", "aase", "a b@example.dk", f"a@{'.'.join(['İ' * 45] * 5)}.dk"])
def test_addresses_that_are_none(client: Client, session: Session, email: str) -> None:
    refused(client, session, "email", email=email)


@pytest.mark.parametrize("grade", ["6", "10", "-1", "", "7.0"])
def test_grades_the_workshop_is_not_for(client: Client, session: Session, grade: str) -> None:
    refused(client, session, "groups-0-grade", **{"groups-0-grade": grade})


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("school", {"school": "999999"}),
        ("school", {"school": ""}),
        ("school_name", {"school": "unlisted"}),
        ("responsible_email", {"responsible_email": ""}),
        ("responsible_name", {"responsible_name": ""}),
        ("", {"groups-0-needs": "beer"}),
        ("", {"key": ""}),
        ("", {"key": "not-a-key"}),
        ("", {"key": "\x00"}),
        ("", {"groups-TOTAL_FORMS": "-1"}),
        ("", {"groups-TOTAL_FORMS": "0"}),
        ("", {"groups-TOTAL_FORMS": "2"}),
        ("", {"groups-TOTAL_FORMS": "7"}),
        ("", {"groups-TOTAL_FORMS": str(10**9)}),
        ("", {"groups-TOTAL_FORMS": "x"}),
        ("", {"groups-TOTAL_FORMS": "9" * 5000}),
        ("", {"groups-INITIAL_FORMS": "x"}),
        ("", {"groups-INITIAL_FORMS": "0", "groups-TOTAL_FORMS": "2"}),
    ],
)
def test_answers_that_do_not_fit_together(
    client: Client, session: Session, field: str, changes: dict[str, str]
) -> None:
    refused(client, session, field, **changes)


@pytest.mark.parametrize("missing", ["groups-TOTAL_FORMS", "groups-INITIAL_FORMS", "key", "school", "name"])
def test_a_field_that_is_missing_altogether(client: Client, session: Session, missing: str) -> None:
    data = booking_form(make_school())
    del data[missing]
    response = client.post(book_url(session), data)
    assert (response.status_code, no_seat(session)) == (200, True)
    assert "data-error-summary" in response.content.decode()


def test_an_empty_form_names_every_field(client: Client, session: Session) -> None:
    page = client.post(book_url(session), {"groups-TOTAL_FORMS": "1", "groups-INITIAL_FORMS": "1"}).content.decode()
    wanted = [
        "school",
        "name",
        "email",
        "phone",
        *(f"groups-0-{name}" for name in ("label", "grade", "pupils", "adults")),
    ]
    assert [field for field in wanted if not has_error(page, field)] == []


def test_a_broken_key_is_mended_so_that_the_next_try_books(client: Client, session: Session) -> None:
    data = booking_form(make_school(), key="broken")
    answer = client.post(book_url(session), data)
    fresh = answer.context["form"]["key"].value()
    assert uuid.UUID(str(fresh))
    assert client.post(book_url(session), data | {"key": str(fresh)}).status_code == 302


def test_a_key_of_another_session_books_this_one(client: Client, session: Session) -> None:
    other, data = make_session(), booking_form(make_school())
    links = [client.post(book_url(row), data)["Location"] for row in (session, other, session)]
    assert links[0] == links[2] != links[1]
    assert list(Booking.objects.order_by("pk").values_list("session", flat=True)) == [session.pk, other.pk]


@pytest.mark.parametrize("closes", [dt.timedelta(0), dt.timedelta(days=-1)])
def test_a_school_that_has_closed(client: Client, session: Session, closes: dt.timedelta) -> None:
    school = make_school(active_to=timezone.localdate() + closes)
    response = client.post(book_url(session), booking_form(school))
    assert has_error(response.content.decode(), "school")
    assert no_seat(session)


def test_a_school_that_closes_tomorrow_books_today(client: Client, session: Session) -> None:
    school = make_school(active_to=timezone.localdate() + dt.timedelta(days=1))
    assert client.post(book_url(session), booking_form(school)).status_code == 302


@pytest.mark.parametrize("text", ['=HYPERLINK("http://x","y")', "{{7*7}}", "<script>alert(1)</script>", "{% url %}"])
def test_texts_that_look_like_code_are_plain_text(client: Client, session: Session, text: str) -> None:
    data = booking_form(school_name=text, name=text)
    answer = client.post(book_url(session), data)
    page = client.get(answer["Location"]).content.decode()
    assert html.escape(text) in page
    assert "<script>alert" not in page
    assert ">49<" not in page
    assert send_next()
    assert text in mail.outbox[0].body
    assert mail.outbox[0].message().get_content_type() == "multipart/mixed"


def test_the_same_class_twice_is_an_error_on_the_second(client: Client, session: Session) -> None:
    data = booking_form(make_school(), classes=2) | {"groups-1-label": "7 a"}
    page = client.post(book_url(session), data).content.decode()
    assert (has_error(page, "groups-0-label"), has_error(page, "groups-1-label")) == (False, True)
    assert no_seat(session)


def test_other_peoples_pages_cannot_send_it(session: Session) -> None:
    client = Client(enforce_csrf_checks=True)
    data = booking_form(make_school())
    assert client.post(book_url(session), data).status_code == 403
    assert no_seat(session)
    client.get(book_url(session))
    data["csrfmiddlewaretoken"] = client.cookies["csrftoken"].value
    assert client.post(book_url(session), data).status_code == 302
