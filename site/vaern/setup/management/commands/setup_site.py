"""Prepare an installation: roles, reference data and the first pages."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction

from vaern.setup.pages import write_first_pages
from vaern.setup.reference import write_reference_data
from vaern.setup.roles import write_roles
from vaern.setup.workflow import write_workflow


class Command(BaseCommand):
    """`manage.py setup_site`: idempotent, run after `migrate` at every deployment."""

    help = "Write roles, reference data and the first pages; what is there already stays."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write all in one transaction, and the shared cache's table where one is configured."""
        call_command("createcachetable", verbosity=0)
        with transaction.atomic():
            write_roles()
            write_reference_data()
            write_first_pages()
            write_workflow()
        if options["verbosity"]:
            self.stdout.write("Roles, reference data and first pages are in place.")
