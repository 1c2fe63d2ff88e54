"""The questions three months after: whether somebody is asked them, and which they are."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from courses.activities import survey
from courses.models import ActivityState, ActivityVersion, Enrolment, LaterQuestions, SurveyRound
from courses.queries.surveys import asked_in
from courses.rules import LATER


@dataclass(frozen=True)
class LaterForm:
    """What a learner finds: `agreed` is empty while they were not asked or said no. Open once it is due."""

    version: ActivityVersion
    specification: dict[str, Any]
    agreed: LaterQuestions | None
    is_open: bool

    @property
    def blank(self) -> dict[str, Any]:
        return survey.form(self.specification, None)


def later_form_of(enrolment: Enrolment, today: date) -> LaterForm | None:
    """For who answered the questions at the end; `None` for others, and where the course asks nothing twice."""
    asked = asked_in(enrolment.course).get(LATER)
    if asked is None:
        return None
    version = asked.versions[0]
    if not ActivityState.objects.filter(enrolment=enrolment, activity=version.activity_id).exists():
        return None
    items = [item for item in version.specification["items"] if item["construct"] in asked.items]
    agreed = LaterQuestions.objects.filter(enrolment=enrolment).first()
    closed = SurveyRound.objects.filter(cohort=enrolment.cohort_id, ask=LATER).exists()
    return LaterForm(
        version=version,
        specification={**version.specification, "items": items},
        agreed=agreed,
        is_open=agreed is not None and agreed.due_on <= today and not closed,
    )


def due_to_be_asked(now: datetime, today: date) -> QuerySet[LaterQuestions]:
    """Who agreed, whose day has come, and whom nobody has asked yet."""
    return (
        LaterQuestions.objects.filter(
            invited_at=None, answered_at=None, due_on__lte=today, agreed_at__lte=now
        )
        .exclude(enrolment__status=Enrolment.Status.WITHDRAWN)
        .order_by("due_on", "pk")
    )
