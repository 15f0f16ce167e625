"""The names of grades and bands, for the workshops that are there already: "udskoling" finds them."""

from django.db import migrations

from courses.words import fold
from vaern.pages.grades import BAND_NAMES, search_words

TEXTS = ("title", "intro", "description", "activity", "prepare")


def fill(apps, schema_editor):
    workshops = apps.get_model("courses", "WorkshopPage")
    for page in workshops.objects.all():
        bands = (search_words(page.grade_from, page.grade_to, language) for language in BAND_NAMES)
        texts = (*(getattr(page, name) for name in TEXTS), *bands)
        workshops.objects.filter(pk=page.pk).update(search_text="\n".join(fold(text) for text in texts if text))


class Migration(migrations.Migration):
    dependencies = [("courses", "0006_fill_search_text")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
