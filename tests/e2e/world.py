"""The content that the browser tests walk through."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.test import override_settings
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import Locale

from bookings.domain.attendance import LineReport, report_attendance
from bookings.domain.booking import cancel
from bookings.links import door_token, link_to
from bookings.models import Booking, Session
from courses.models import CataloguePage, Subject, Theme, WorkshopPage
from tests.factories.bookings import make_booking, make_past_booking, make_session, make_staff
from tests.factories.courses import make_workshop
from tests.factories.guidance import make_contact
from tests.factories.people import make_school, make_user
from vaern.addresses import in_english
from vaern.demo.models import DemoMail
from vaern.guidance.models import WorriedPage
from vaern.outbox.relay import send_next
from vaern.pages.models import ArticlePage, HomePage
from vaern.people.models import Organisation, User

GOAL = "elever-folkeskole"
COUNTED_BEFORE = 19


def book_path(session: Session) -> str:
    """Return where a session is booked, in the language that is active."""
    return reverse("bookings:book", kwargs={"session": session.uuid})


@dataclass
class World:
    """The site's address and what a test needs to know of its content."""

    url: str
    workshop: WorkshopPage
    session: Session
    school: Organisation
    facilitator: User
    coordinator: User
    past_session: Session
    article: ArticlePage
    confirmed: Booking
    cancelled: Booking
    mail: DemoMail
    waiting: Booking
    sessions: dict[str, Session]
    visits: WorkshopPage
    talk: Session

    @property
    def visit_path(self) -> str:
        """Return where a visit is asked for."""
        return reverse("bookings:ask_visit", kwargs={"workshop": self.visits.translation_key})

    @property
    def book_path(self) -> str:
        """Return where `session` is booked."""
        return book_path(self.session)

    @property
    def attendance_path(self) -> str:
        """Return where the past session is reported."""
        return reverse("bookings:attendance", kwargs={"session": self.past_session.uuid})

    @property
    def talk_path(self) -> str:
        """Return the roll of a talk for staff that is running."""
        return reverse("bookings:attendance", kwargs={"session": self.talk.uuid})

    @property
    def door_path(self) -> str:
        """Return where one checks in at that talk."""
        return reverse("bookings:check_in", kwargs={"session": self.talk.uuid, "token": door_token(self.talk.uuid)})

    @property
    def rows_path(self) -> str:
        """Return the rows behind the goal of public schools."""
        return reverse("goals:rows", kwargs={"year": 2026, "goal": GOAL})

    def public_pages(self) -> dict[str, str]:
        """Return name and path of every page that needs neither an account nor a filled-in form."""
        own, gone = link_to(self.confirmed), link_to(self.cancelled)
        with translation.override("en"):
            own_in_english, book_in_english = link_to(self.confirmed), self.book_path
        return {
            "front page": "/",
            "front page in English": "/en/",
            "catalogue": "/workshops/",
            "catalogue in English": "/en/workshops/",
            "catalogue, filtered": "/workshops/?q=kilde&grade=7",
            "catalogue without a hit": "/workshops/?q=findesikke",
            "catalogue, something to loosen": "/workshops/?grade=1&audience=parents&from=x",
            "catalogue, dates": "/workshops/?view=dates",
            "catalogue, calendar in English": "/en/workshops/?view=month&month=2026-12",
            "use our data": "/data/",
            "use our data in English": "/en/data/",
            "workshop": self.workshop.url,
            "workshop in English": self.workshop.get_translations().get().url,
            "booking form": self.book_path,
            "booking form in English": book_in_english,
            "own page": own,
            "own page in English": own_in_english,
            "own page, cancelled": gone,
            "cancel page": f"{own}afbestil/",
            "change page": f"{own}ret/",
            "move page": f"{own}flyt/",
            "own page, waiting": link_to(self.waiting),
            "booking form of parents": book_path(self.sessions["parents"]),
            "booking form of staff": book_path(self.sessions["staff"]),
            "form of the waiting list": book_path(self.sessions["full"]),
            "request for a visit": self.visit_path,
            "worried page": "/er-du-bekymret/",
            "article": self.article.url,
            "search": "/soeg/",
            "search with results": "/soeg/?q=workshop",
            "search in English, nothing found": "/en/search/?q=findesikke",
            "goals": "/maal/",
            "goals in English": "/en/goals/",
            "sign-in": "/log-ind/",
            "demo mailbox": "/demo/postkasse/",
            "mail in the demo mailbox": f"/demo/postkasse/{self.mail.pk}/",
        }

    def staff_pages(self) -> dict[str, str]:
        """Return name and path of the pages behind sign-in; a coordinator may see them all."""
        return {
            "own doors": "/min-side/",
            "sessions": "/fremmoede/",
            "attendance form": self.attendance_path,
            "came without a booking": f"{self.attendance_path}uden-booking/",
            "list as a file": f"{self.attendance_path}fil/",
            "roll of persons": self.talk_path,
            "roll of persons in English": f"/en{in_english(self.talk_path)}",
            "persons without a booking": f"{self.talk_path}uden-booking/",
            "poster": f"{self.talk_path}plakat/",
            "check in at the door": self.door_path,
            "coordinator's goals": "/koordinator/maal/",
            "coordinator's goals of another year": "/koordinator/maal/2025/",
            "rows behind a goal": self.rows_path,
            "rows in English": f"/en{in_english(self.rows_path)}",
            "sign-out": "/log-af/",
        }


def send_all() -> None:
    """Do what the worker does until nothing is left to send."""
    while send_next():
        pass


def make_world(url: str) -> World:
    """Fill the site that `setup_site` has made."""
    article = _make_pages()
    workshop = _make_workshops()
    school = make_school("Skolen ved Søerne", number="901001")
    make_school("Ørestad Friskole", type_code="1013", number="901002")
    facilitator, coordinator = make_user("facilitator", "underviser@example.dk"), make_user("coordinator")
    session = make_session(workshop=workshop, place="Rådhuset, Rådhuspladsen 1", facilitators=[facilitator])
    full = make_session(workshop=workshop, starts_in=dt.timedelta(days=15), capacity=24)
    make_booking(full, school=school, label="8.A")
    make_session(workshop=workshop, starts_in=dt.timedelta(days=16), capacity=None)
    _make_history(workshop, school, facilitator)
    past = make_session(workshop=workshop, starts_in=-dt.timedelta(hours=2), capacity=60, facilitators=[facilitator])
    make_past_booking(past, school=school, label="7.C", pupils=24)
    other = make_session(workshop=workshop, starts_in=dt.timedelta(days=20), capacity=60)
    sessions = _make_other_sessions(workshop)
    make_booking(sessions["full"], school=school, label="6.A")
    with override_settings(EMAIL_BACKEND="vaern.demo.mailbox.DemoMailboxBackend"):
        confirmed = make_booking(other, school=school, label="9.A")
        cancelled = cancel(booking_id=make_booking(other, school=school, label="9.B").pk)
        send_all()
    return World(
        url=url,
        workshop=workshop,
        session=session,
        school=school,
        facilitator=facilitator,
        coordinator=coordinator,
        past_session=past,
        article=article,
        confirmed=confirmed,
        cancelled=cancelled,
        mail=DemoMail.objects.latest("pk"),
        waiting=make_booking(sessions["full"], school=school, label="6.B", wait=True),
        sessions=sessions,
        visits=WorkshopPage.objects.get(title="Besøg om demokrati"),
        talk=_make_talk(facilitator),
    )


def _make_other_sessions(workshop: WorkshopPage) -> dict[str, Session]:
    """Dates for parents and staff, and one with a waiting list."""
    by_audience = {
        audience: make_session(workshop=WorkshopPage.objects.get(audience=audience), starts_in=dt.timedelta(days=18))
        for audience in ("parents", "staff")
    }
    full = make_session(workshop=workshop, starts_in=dt.timedelta(days=40), capacity=24, waiting_rule="bounded")
    return {**by_audience, "full": full}


def _make_talk(facilitator: User) -> Session:
    """A talk for staff that is running, with twelve who are booked."""
    talk = make_session(
        workshop=WorkshopPage.objects.get(audience="staff"),
        starts_in=dt.timedelta(days=1),
        place="Rådhuset",
        facilitators=[facilitator],
    )
    make_staff(talk, team=12)
    now = timezone.now()
    Session.objects.filter(pk=talk.pk).update(
        starts_at=now - dt.timedelta(minutes=30), ends_at=now + dt.timedelta(minutes=90)
    )
    talk.refresh_from_db()
    return talk


def _make_history(workshop: WorkshopPage, school: Organisation, facilitator: User) -> None:
    """A session of last week that is held and reported."""
    held = make_session(workshop=workshop, starts_in=-dt.timedelta(days=7), facilitators=[facilitator])
    line = make_past_booking(held, school=school, label="7.A").lines.get()
    report_attendance(
        session_id=held.pk,
        reports=[LineReport(line.pk, took_place=True, pupils=COUNTED_BEFORE, adults=2)],
        client_key=held.uuid,
        actor_id=facilitator.pk,
    )


def _make_workshops() -> WorkshopPage:
    """Six workshops: one with everything and an English translation, others for other audiences and ways."""
    subject = Subject.objects.create(key="samfundsfag", name_da="Samfundsfag", name_en="Social studies")
    theme = Theme.objects.create(key="kildekritik", name_da="Kildekritik", name_en="Source criticism")
    workshop = make_workshop(
        "Kilder og rygter på nettet",
        grade_from=6,
        grade_to=9,
        lessons=2,
        group_max=28,
        intro="Klassen undersøger, hvor et billede kommer fra, og hvorfor nogen deler det videre.",
        description="Et billede går viralt. Er det sandt? Klassen lærer tre måder at finde ud af det.\n\nI grupper.",
        activity="Eleverne arbejder i grupper med fem billeder og fremlægger for hinanden.",
        prepare="Del klassen i grupper på fire, og sørg for en skærm i lokalet.",
        follow_up="Læreren får en øvelse til ugen efter.",
        open_school_url="https://skoletjenesten.example/kilder",
    )
    workshop.subjects.set([subject])
    workshop.themes.set([theme])
    workshop.save_revision().publish()
    english = workshop.copy_for_translation(Locale.objects.get(language_code="en"))
    english.title, english.slug = "Sources and rumours online", "sources-and-rumours-online"
    english.intro = "The class finds out where a picture comes from."
    english.save_revision().publish()
    make_workshop("Fællesskaber og grænser", grade_from=4, grade_to=6, intro="Hvornår er en joke ikke en joke?")
    make_workshop("Besøg om demokrati", way_of_booking=WorkshopPage.Way.REQUEST, grade_from=0, grade_to=3)
    make_workshop(
        "Spil og samtale",
        way_of_booking=WorkshopPage.Way.EXTERNAL,
        external_url="https://udbyder.example/book",
        place=WorkshopPage.Place.ONLINE,
    )
    for title, audience in (("Forældreaften", "parents"), ("Kursus for fagfolk", "staff")):
        make_workshop(title, audience=audience, grade_from=None, grade_to=None, languages=["da", "en"])
    return WorkshopPage.objects.get(pk=workshop.pk)


def _make_pages() -> ArticlePage:
    """Front page with doors, an article in both languages, and the page for those who worry."""
    section = (
        "section",
        {
            "heading": "Sådan foregår det",
            "text": "<p>I vælger en dato og skriver, hvor mange I er.</p><ul><li>Gratis for skoler i København</li>"
            '<li>Læreren er med hele vejen</li></ul><p>Se <a href="https://www.kk.dk">kommunens side</a>.</p>',
        },
    )
    home = HomePage.objects.get(locale__language_code="da")
    article = ArticlePage(
        title="Til skoler", slug="til-skoler", intro="Hvad en skole kan booke.", in_footer=True, show_in_menus=True
    )
    article.body = [section, ("section", {**section[1], "heading": "Efter besøget"})]
    article.locale = home.locale
    home.add_child(instance=article)
    english = article.copy_for_translation(Locale.objects.get(language_code="en"))
    english.title, english.slug = "For schools", "for-schools"
    english.save_revision().publish()
    home.intro = "Workshops, råd og aftaler, der forebygger ekstremisme i København."
    home.doors = [
        _door("Skoler", "Book en workshop til klassen.", CataloguePage.objects.child_of(home).get()),
        _door("Læs mere", "Sådan foregår et besøg.", article),
    ]
    home.body = [section]
    home.save_revision().publish()
    worried = WorriedPage.objects.child_of(home).get()
    worried.intro = "Ring, hvis du er i tvivl. Du behøver ikke være sikker."
    worried.body = [
        ("advice", {"heading": "Det kan du gøre nu", "points": ["Spørg roligt, hvad der sker.", "Ring til os."]}),
        ("contact", make_contact(last_checked_on=dt.date(2026, 11, 2))),
        ("signs", {"points": ["Personen trækker sig."]}),
        section,
    ]
    worried.save_revision().publish()
    return article


def _door(title: str, text: str, page: Any) -> tuple[str, dict[str, Any]]:
    return ("door", {"title": title, "text": text, "link_text": title, "page": page})
