"""The questions after a session, and how long certificates hold, as a municipality begins; all is to be confirmed."""

from __future__ import annotations

from vaern.certificates.models import CertificateSettings
from vaern.evaluation.domain import write_question
from vaern.evaluation.models import EvaluationSettings, Question
from vaern.setup.starter.content import read

TO_CONFIRM = "skal bekræftes"
STEP = 10


def load_evaluation() -> None:
    """Write the questions where nobody has ever written any, and the rows of settings that are not there."""
    EvaluationSettings.objects.get_or_create(pk=1, defaults={"note": TO_CONFIRM})
    CertificateSettings.objects.get_or_create(pk=1, defaults={"note": TO_CONFIRM})
    if Question.objects.exists():
        return
    for number, row in enumerate(read("evaluation")["question"], start=1):
        write_question(
            facts={
                "kind": row["kind"],
                "required": row.get("required", True),
                "text_da": row["da"],
                "text_en": row["en"],
                "choices_da": row.get("choices_da", []),
                "choices_en": row.get("choices_en", []),
            },
            variant=row["variant"],
            order=number * STEP,
            actor_id=None,
        )
