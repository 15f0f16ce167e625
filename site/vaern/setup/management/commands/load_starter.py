"""Write the starter texts into an installation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction

from materials.jobs import print_lesson_plans
from vaern.setup.starter.charter import load_charter
from vaern.setup.starter.deadlines import load_deadlines
from vaern.setup.starter.evaluation import load_evaluation
from vaern.setup.starter.guidance import load_cards, load_guidance
from vaern.setup.starter.materials import load_materials
from vaern.setup.starter.pages import load_pages
from vaern.setup.starter.plan import load_plan

# In this order. Each part writes what is missing and leaves what is there, whoever has edited it.
PARTS: dict[str, Callable[[], None]] = {
    "materials": load_materials,
    "pages": load_pages,
    "plan": load_plan,
    "deadlines": load_deadlines,
    "evaluation": load_evaluation,
    "charter": load_charter,
    "guidance": load_guidance,
    # After the plan, whose chapter takes the cards.
    "cards": load_cards,
}


class Command(BaseCommand):
    """`manage.py load_starter`: idempotent; made for a new installation and for the demo."""

    help = "Write the starter texts (pages, guidance, plan, materials) where they are missing."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write each part whole or not at all."""
        call_command("setup_site", verbosity=0)
        for load in PARTS.values():
            with transaction.atomic():
                load()
        # Never within a transaction, not one around this command either.
        transaction.on_commit(print_lesson_plans)
        if options["verbosity"]:
            self.stdout.write("The starter texts are in place.")
