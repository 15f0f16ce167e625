"""The screens that editors and approvers use are in Danish: no English words in what they show or read aloud."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from courses.models import CataloguePage, Subject
from tests.factories.bookings import make_booking, make_session
from tests.factories.courses import make_workshop
from tests.factories.pages import home, make_article, make_card, make_chapter, make_plan
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db

# Words that are English and not Danish; each of them stands in Wagtail's own texts.
ENGLISH = re.compile(
    r"\b(the|and|this|these|your|you|with|edit|publish|published|unpublish|delete|move|copy|view|add|save|search|draft|"
    r"page|pages|live|history|choose|select|yes|title|name|updated|created|date|workflow|workflows|task|tasks|submit|"
    r"approve|approved|reject|cancel|settings|comments?|close|toggle|show|hide|collection|tags|upload|size|used|usage|"
    r"times|privacy|locked|lock|unlock|schedule|scheduled|expired|expiry|by|not|is|are|was|will|has|have|been|all|any|"
    r"more|actions|filters?|sort|order|language|locale|translate|translation|account|password|theme|report|reports|"
    r"image|images|document|documents|snippets|users?|group|groups|root|parent|child|children|keyboard|shortcuts|"
    r"none|preview|checks|issues|words|readability|compare|revision|revisions|unknown|error|warning|slug|description)\b",
    re.IGNORECASE,
)
SPOKEN = ("title", "aria-label", "placeholder", "alt", "aria-description")
# Said in both languages, or a name.
ALLOWED = {"slug", "tags", "have", "live", "by", "upload"}


def words_of(source: bytes) -> list[str]:
    """Return the English words in a page with what stands around them."""
    tree = html.fromstring(source)
    for gone in tree.xpath(
        "//script|//style|//template|//svg|//*[@lang='en']|//option[@value='en']|//code|//*[@data-side-panel-toggle-counter]"
    ):
        gone.drop_tree()
    texts = [text.strip() for text in tree.itertext() if text.strip()]
    # The English page's own name.
    texts = [text.replace("Are you worried?", "") for text in texts]
    texts += tree.xpath("//input[@type='submit']/@value")
    texts += [value for name in SPOKEN for value in tree.xpath(f"//@{name}")]
    return sorted(
        {
            f"{found[0].lower()}: {text[:90]}"
            for text in texts
            for found in ENGLISH.finditer(text)
            if found[0].lower() not in ALLOWED
        }
    )


@pytest.fixture
def world(site: None) -> dict[str, Any]:
    """One of each."""
    plan = make_plan()
    chapter = make_chapter(plan, title="Kapitlet")
    user = make_user("editor", "red@example.dk", first_name="Ane", last_name="Bo")
    article = make_article(title="Artiklen")
    article.title = "Artiklen igen"
    article.save_revision(user=user)
    workshop = make_workshop("Værkstedet")
    workshop.save_revision(user=user).publish()
    chapter.save_revision(user=user)
    chapter.get_workflow().start(chapter, user)
    image = get_image_model().objects.create(title="Billedet", file=get_test_image_file())
    document = get_document_model().objects.create(title="Filen", file="documents/fil.pdf")
    subject = Subject.objects.create(key="dansk", name_da="Dansk", name_en="Danish")
    return {
        "user": user, "plan": plan, "chapter": chapter, "card": make_card(chapter), "article": article,
        "workshop": workshop, "image": image, "document": document, "subject": subject,
    }  # fmt: skip


def screens(world: dict[str, Any]) -> list[str]:
    """The screens of an editor."""
    pages = [home(), *(world[name] for name in ("plan", "chapter", "card", "article", "workshop"))]
    numbers = [page.pk for page in pages]
    article = world["article"]
    first, last = article.revisions.order_by("pk").first(), article.revisions.order_by("pk").last()
    catalogue = CataloguePage.objects.child_of(home()).get()

    def url(name: str, *args: Any) -> str:
        return reverse(name, args=args)

    return [
        url("wagtailadmin_home"),
        url("wagtailadmin_explore_root"),
        url("wagtailadmin_explore", home().pk),
        url("wagtailadmin_pages:add_subpage", home().pk),
        url("wagtailadmin_pages:add", "pages", "articlepage", home().pk),
        url("wagtailadmin_pages:add", "courses", "workshoppage", catalogue.pk),
        *(url("wagtailadmin_pages:edit", number) for number in numbers),
        *(url("wagtailadmin_pages:history", number) for number in numbers[:3]),
        url("wagtailadmin_pages:usage", article.pk),
        url("wagtailadmin_pages:revisions_compare", article.pk, first.pk, last.pk),
        url("wagtailadmin_pages:revisions_revert", article.pk, first.pk),
        url("wagtailadmin_pages:copy", article.pk),
        url("wagtailadmin_pages:move", article.pk),
        url("wagtailadmin_pages:delete", article.pk),
        url("wagtailadmin_pages:unpublish", article.pk),
        url("wagtailadmin_pages:search") + "?q=artiklen",
        url("simple_translation:submit_page_translation", article.pk),
        url("wagtail_bulk_action", "wagtailcore", "page", "publish") + f"?id={article.pk}",
        url("wagtail_bulk_action", "wagtailcore", "page", "move") + f"?id={article.pk}",
        url("wagtailimages:index"),
        url("wagtailimages:add"),
        url("wagtailimages:edit", world["image"].pk),
        url("wagtaildocs:index"),
        url("wagtaildocs:edit", world["document"].pk),
        url("wagtailsnippets:index"),
        url("wagtailsnippets_courses_subject:list"),
        url("wagtailsnippets_courses_subject:add"),
        url("wagtailsnippets_courses_subject:edit", world["subject"].pk),
        url("wagtailredirects:index"),
        url("wagtailredirects:add"),
        url("wagtailadmin_reports:aging_pages"),
        url("wagtailadmin_reports:locked_pages"),
        url("wagtailadmin_reports:workflow"),
        url("wagtailadmin_reports:workflow_tasks"),
        url("wagtailadmin_reports:site_history"),
        url("wagtailadmin_account"),
        url("editors_reviews"),
        url("editors_checks"),
        url("editors_check", article.pk),
        url("editors_guide"),
        url("urgent_messages:index"),
        url("urgent_messages:add"),
        url("feedback:index"),
        url("feedback:tally"),
    ]


COORDINATORS = (
    "sessions", "bookings", "visits", "approvals", "messages", "message-texts", "organisations", "schools",
    "deadline-rules", "school-holidays",
)  # fmt: skip


def english_on(client: Client, addresses: list[str]) -> list[str]:
    found = []
    for address in addresses:
        response = client.get(address, follow=True)
        if response.status_code != 200:
            found.append(f"{address}: HTTP {response.status_code}")
            continue
        found += [f"{address}: {line}" for line in words_of(response.content)]
    return found


# Wagtail leaves the file of a rendition that it makes to the garbage collector.
@pytest.mark.filterwarnings("ignore:Exception ignored in.*SpooledTemporaryFile")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_editors_screens(world: dict[str, Any], client: Client) -> None:
    client.force_login(world["user"])
    found = english_on(client, screens(world))
    assert found == [], "\n" + "\n".join(found)


def test_the_approvers_screens(world: dict[str, Any], client: Client) -> None:
    client.force_login(make_user("approver"))
    addresses = [
        reverse("wagtailadmin_home"),
        reverse("wagtailadmin_pages:edit", args=[world["chapter"].pk]),
        reverse("wagtailadmin_account"),
        reverse("editors_guide"),
    ]
    found = english_on(client, addresses)
    assert found == [], "\n" + "\n".join(found)


def test_the_coordinators_screens(world: dict[str, Any], client: Client) -> None:
    client.force_login(make_user("coordinator"))
    session = make_session()
    make_booking(session)
    addresses = [
        reverse("wagtailadmin_home"),
        *(f"/admin/{name}/" for name in COORDINATORS),
        "/admin/sessions/new/",
        f"/admin/sessions/edit/{session.pk}/",
        f"/admin/sessions/inspect/{session.pk}/",
        reverse("wagtailadmin_account"),
        reverse("editors_guide"),
    ]
    found = english_on(client, addresses)
    assert found == [], "\n" + "\n".join(found)


def test_the_test_can_fail() -> None:
    assert words_of(b"<p>Rediger</p><a title='Edit this page'>x</a>") == [
        "edit: Edit this page",
        "page: Edit this page",
        "this: Edit this page",
    ]
