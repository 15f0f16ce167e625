"""A feed is of one booking or of one user. Those begun with a booking's link for a whole address were begun without
proof of the address, and end here."""

import django.db.models.deletion
from django.db import migrations, models


def end_unproven(apps, schema_editor):
    apps.get_model("bookings", "CalendarFeed").objects.filter(user__isnull=True).delete()


def end_all(apps, schema_editor):
    """Before the way back: the address that a row must have there is in none."""
    apps.get_model("bookings", "CalendarFeed").objects.all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0051_attendance_is_append_only'),
    ]

    operations = [
        migrations.RunPython(end_unproven, migrations.RunPython.noop),
        migrations.RemoveConstraint(
            model_name='calendarfeed',
            name='calendar_feed_once_an_address',
        ),
        migrations.RemoveField(
            model_name='calendarfeed',
            name='email',
        ),
        migrations.AddField(
            model_name='calendarfeed',
            name='booking',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='bookings.booking', verbose_name='booking'),
        ),
        migrations.AddConstraint(
            model_name='calendarfeed',
            constraint=models.UniqueConstraint(fields=('booking',), name='calendar_feed_once_a_booking'),
        ),
        migrations.AddConstraint(
            model_name='calendarfeed',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('booking__isnull', False), ('user__isnull', True)), models.Q(('booking__isnull', True), ('user__isnull', False)), _connector='OR'), name='calendar_feed_of_one'),
        ),
        migrations.RunPython(migrations.RunPython.noop, end_all),
    ]
