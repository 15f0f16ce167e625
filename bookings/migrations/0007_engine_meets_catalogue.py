from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0006_confirmed_at'),
        ('bookings', '0010_district_and_public_dates'),
    ]

    operations = []
