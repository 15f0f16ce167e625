"""One of everything that an address can name, for the matrix of routes and roles.

A kind of object is one function here: it returns what the address needs, as keyword arguments. `own` objects belong to
the user that asks (see `Route.own` in `tests.policy.table`), the others to nobody in particular.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from bookings.models import DeadlineRule
from charter.models import Agreement, CharterText, Signatory
from charter.queries import current_text as charter_in_force
from materials.domain.versions import withdraw
from materials.models import MaterialPage
from tests.bookings.test_visits import ask
from tests.certificates.test_checking import made_for
from tests.factories.bookings import make_booking, make_past_booking, make_session
from tests.factories.charter import invite, make_partner, propose, publish, signed
from tests.factories.courses import make_workshop
from tests.factories.evaluation import make_past_staff, make_question, report_person
from tests.factories.guidance import make_contact
from tests.factories.materials import make_file, make_material
from tests.factories.people import make_school, make_user
from tests.factories.plan import make_chapter, make_plan, proposed
from vaern.audit.domain import record
from vaern.certificates.models import CertificateSettings
from vaern.evaluation.models import EvaluationSettings
from vaern.exchange.datasets import DATASETS, datasets_of
from vaern.exchange.importers import IMPORTERS
from vaern.exchange.importing import receive
from vaern.exchange.models import ExportFile
from vaern.feedback.models import Feedback
from vaern.goals.models import Goal, GoalYear
from vaern.guidance.models import Situation
from vaern.outbox.domain import enqueue
from vaern.outbox.editing import number_of, save_text
from vaern.outbox.models import Message
from vaern.outbox.texts import Text, current_text, text_kind
from vaern.pages.models import HomePage, UrgentMessage
from vaern.people.models import Administration, SchoolGroup, User
from vaern.schooldays.models import SchoolHoliday
from vaern.workspace.models import SavedView

Names = dict[str, Any]
OBJECTS: dict[str, Callable[[User], Names]] = {}


def of(kind: str) -> Callable[[Callable[[User], Names]], Callable[[User], Names]]:
    """Register the decorated function as the one that makes an object of `kind`."""

    def register(make: Callable[[User], Names]) -> Callable[[User], Names]:
        OBJECTS[kind] = make
        return make

    return register


def pk(row: Any) -> Names:
    return {"pk": row.pk}


@of("session")
def _session(user: User) -> Names:
    return pk(make_session(facilitators=[user]))


@of("booking")
def _booking(user: User) -> Names:
    return pk(make_booking(make_session()))


@of("begun session")
def _begun(user: User) -> Names:
    session = make_session(starts_at=timezone.now() - dt.timedelta(hours=1), facilitators=[user])
    make_past_booking(session)
    return {"session": session.uuid}


@of("visit")
def _visit(user: User) -> Names:
    return pk(ask())


@of("deadline rule")
def _rule(user: User) -> Names:
    return pk(DeadlineRule.objects.get_or_create(workshop=None)[0])


@of("message")
def _message(user: User) -> Names:
    return pk(enqueue(kind="people.unknown_account", recipient="aase@example.dk", language="da", context={}))


@of("failed message")
def _failed(user: User) -> Names:
    names = _message(user)
    Message.objects.filter(**names).update(state=Message.State.FAILED, context={"name": "x"})
    return names


@of("text")
def _text(user: User) -> Names:
    return {"key": "bookings.confirmed", "language": "da"}


@of("changed text")
def _changed_text(user: User) -> Names:
    kind = text_kind("bookings.cancelled")
    text = current_text(kind, "da")
    seen = number_of(kind, "da")
    save_text(kind=kind, language="da", text=Text(f"Et andet emne {seen}", text.body), seen=seen, actor_id=None)
    return {"key": "bookings.cancelled", "language": "da"}


@of("organisation")
def _organisation(user: User) -> Names:
    return pk(make_school())


@of("school type")
def _type(user: User) -> Names:
    return pk(SchoolGroup.objects.first())


@of("administration")
def _administration(user: User) -> Names:
    return pk(Administration.objects.first())


@of("school holiday")
def _holiday(user: User) -> Names:
    day = dt.date(2027, 2, 13)
    return pk(
        SchoolHoliday.objects.get_or_create(
            first_day=day, last_day=day, name_da="Vinterferie", name_en="Winter holiday", school_year="2026/27"
        )[0]
    )


@of("user")
def _user(user: User) -> Names:
    return pk(make_user("facilitator"))


@of("plan")
def _plan(user: User) -> Names:
    plan = make_plan("Endnu en", slug=f"plan-{uuid.uuid4().hex[:8]}")
    make_chapter(plan, "Formål", {"Hvorfor": "Fordi loven siger det."})
    return {"plan": plan.translation_key}


@of("plan version")
def _plan_version(user: User) -> Names:
    plan = make_plan("Planen", slug=f"plan-{uuid.uuid4().hex[:8]}")
    make_chapter(plan, "Formål", {"Hvorfor": "Fordi loven siger det."})
    may = user.has_perm("guidance.propose_planversion")
    return pk(proposed(plan, by=user if may else None))


@of("own plan version")
def _own_version(user: User) -> Names:
    return _plan_version(user)


@of("material")
def _material(user: User) -> Names:
    return pk(make_material("Ark", files=[make_file()]))


@of("material version")
def _version(user: User) -> Names:
    material = MaterialPage.objects.get(**_material(user))
    return pk(material.versions.get())


@of("withdrawn version")
def _withdrawn(user: User) -> Names:
    names = _version(user)
    withdraw(version_id=names["pk"], reason="En kilde var forkert.", now=timezone.now())
    return names


@of("material file")
def _file(user: User) -> Names:
    return pk(make_file())


@of("contact")
def _contact(user: User) -> Names:
    return pk(make_contact())


@of("situation")
def _situation(user: User) -> Names:
    return pk(Situation.objects.create(title_da="Noget er ændret", title_en="Something changed"))


@of("urgent message")
def _urgent(user: User) -> Names:
    return pk(
        UrgentMessage.objects.create(
            text_da="Lukket i dag",
            text_en="Closed today",
            starts_at=timezone.now(),
            ends_at=timezone.now() + dt.timedelta(hours=1),
        )
    )


@of("feedback")
def _feedback(user: User) -> Names:
    home = HomePage.objects.get(locale__language_code="da")
    return pk(Feedback.objects.create(page=home, useful=False, text="Uklart", received_at=timezone.now()))


@of("goal")
def _goal(user: User) -> Names:
    return pk(Goal.objects.first())


@of("goal year")
def _goal_year(user: User) -> Names:
    return pk(GoalYear.objects.filter(state=GoalYear.State.OPEN).first())


@of("year")
def _year(user: User) -> Names:
    return {"year": 2026}


@of("goal and year")
def _goal_and_year(user: User) -> Names:
    return {"year": 2026, "goal": GoalYear.objects.filter(year=2026).select_related("goal")[0].goal.key}


@of("page")
def _page(user: User) -> Names:
    return {"page_id": make_workshop().pk}


@of("page in English")
def _english(user: User) -> Names:
    danish = make_workshop()
    danish.save_revision().publish()
    english = make_workshop(language="en")
    type(english).objects.filter(pk=english.pk).update(translation_key=danish.translation_key)
    return pk(english)


@of("event")
def _event(user: User) -> Names:
    return pk(record(action="x.done", subject_type="x", subject_key="1"))


@of("exported file")
def _exported(user: User) -> Names:
    """A file of the first list that the user may take out; for those who may not, of one that others may."""
    dataset = (datasets_of(user) or list(DATASETS.values()))[0]
    now = timezone.now()
    state = ExportFile.State.DONE
    file = ExportFile.objects.create(
        ordered_by=user, dataset=dataset.key, form="csv", state=state, ordered_at=now, touched_at=now, size=4
    )
    file.parts.create(number=0, content=b"a;b\n")
    return {"uuid": file.uuid}


@of("file that was sent")
def _sent(user: User) -> Names:
    number = f"8{uuid.uuid4().int % 100000:05d}"
    content = f"institutionsnummer;navn;institutionstype_nr\n{number};Ny Skole;1012\n".encode()
    batch = receive(importer=IMPORTERS["organisations"], name="skoler.csv", content=content, user=user)
    return {"uuid": batch.uuid}


# -- the workspace ----------------------------------------------------------------------------------------


@of("bulk action")
def _bulk(user: User) -> Names:
    return {"of_list": "sessions", "action": "cancel"}


@of("list")
def _list(user: User) -> Names:
    return {"of_list": "sessions"}


@of("saved view")
def _view(user: User) -> Names:
    return pk(SavedView.objects.create(user=user, list="sessions", name="Mine", query="need=waiting"))


# -- the charter ------------------------------------------------------------------------------------------


@of("partner")
def _partner(user: User) -> Names:
    _text_in_force()
    return pk(make_partner())


@of("request")
def _request(user: User) -> Names:
    _text_in_force()
    return pk(invite(make_partner()).request)


@of("invitation")
def _invitation(user: User) -> Names:
    _text_in_force()
    return pk(invite(make_partner()))


@of("signatory")
def _signatory(user: User) -> Names:
    return pk(Signatory.objects.create(partner=make_partner(), name="Ny", email="ny@example.dk", state="proposed"))


@of("term")
def _term(user: User) -> Names:
    _text_in_force()
    return pk(signed(make_partner()).term)


@of("agreement")
def _agreement(user: User) -> Names:
    day = dt.date(2026, 11, 2)
    return pk(Agreement.objects.create(partner=make_partner(), kind="workshops", agreed_on=day, valid_from=day))


@of("charter text")
def _charter_text(user: User) -> Names:
    return pk(
        CharterText.objects.filter(state="proposed").first()
        or propose(f"Et andet charter.\n\nNummer {uuid.uuid4().hex}.")
    )


def _text_in_force() -> None:
    if charter_in_force() is None:
        publish()


# -- afterwards -------------------------------------------------------------------------------------------


@of("question")
def _question(user: User) -> Names:
    return pk(make_question())


@of("evaluation settings")
def _evaluation_settings(user: User) -> Names:
    return pk(EvaluationSettings.objects.get_or_create(pk=1)[0])


@of("certificate settings")
def _certificate_settings(user: User) -> Names:
    return pk(CertificateSettings.objects.get_or_create(pk=1)[0])


@of("certificate")
def _certificate(user: User) -> Names:
    _session, (booking,) = make_past_staff(1)
    report_person(booking)
    return pk(made_for(booking))


@of("year and workshop")
def _year_and_workshop(user: User) -> Names:
    return {"year": 2026, "workshop": make_workshop().translation_key}


@of("begun talk")
def _talk(user: User) -> Names:
    workshop = make_workshop(audience="staff")
    start = timezone.now() - dt.timedelta(hours=1)
    return {"session": make_session(workshop=workshop, starts_at=start, facilitators=[user]).uuid}
