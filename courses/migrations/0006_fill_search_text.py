"""What free text is looked for in, for the workshops that are there already."""

from django.db import migrations

from courses.words import fold

TEXTS = ("title", "intro", "description", "activity", "prepare")


def fill(apps, schema_editor):
    workshops = apps.get_model("courses", "WorkshopPage")
    for page in workshops.objects.all():
        text = "\n".join(fold(getattr(page, name)) for name in TEXTS if getattr(page, name))
        workshops.objects.filter(pk=page.pk).update(search_text=text)


class Migration(migrations.Migration):
    dependencies = [("courses", "0005_catalogue_search_and_data")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
