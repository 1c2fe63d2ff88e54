"""Keeping what was answered to a survey, apart from who answered it; and counting it, once, when a group's round is closed."""

import hashlib
import hmac
import secrets
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from courses.models import (
    ActivityVersion,
    Cohort,
    Course,
    Enrolment,
    SurveyFigure,
    SurveyKey,
    SurveyResponse,
    SurveyRound,
)
from courses.models.survey import FEWEST
from courses.queries.surveys import Asked, asked_in
from courses.rules import LATER, ask_of
from people.models import User


def keep_survey(
    *,
    enrolment: Enrolment,
    version: ActivityVersion,
    answers: Mapping[str, Any],
    now: datetime,
    later: bool = False,
) -> SurveyResponse | None:
    """Keep the answers under the enrolment's code. Answered again, the new ones take the place of the old.

    `later`: the questions of T1, three months after. `None`, and nothing kept, once the group's round is closed.
    """
    moment = LATER if later else version.specification["moment"]
    closed = SurveyRound.objects.filter(cohort=enrolment.cohort_id, ask=ask_of(moment, version.activity_id))
    if enrolment.cohort_id is not None and closed.exists():
        return None
    key, _created = SurveyKey.objects.get_or_create(
        enrolment=enrolment, defaults={"secret": secrets.token_hex(32)}
    )
    response, _created = SurveyResponse.objects.update_or_create(
        activity_id=version.activity_id,
        pairing_code=pairing_code(key),
        moment=moment,
        defaults={"answers": dict(answers), "answered_on": timezone.localdate(now)},
    )
    return response


@transaction.atomic
def close_round(*, cohort: Cohort, ask: str, closed_by: User, now: datetime) -> SurveyRound:
    """Count a group's answers, for good: each construct over who answered it at every moment at which it is asked.

    Of five people or more it becomes the group's own figure. Fewer join the figure of the course that is filling up.
    Closed twice is closed once. `ValueError` for what the course does not ask.
    """
    Course.objects.select_for_update().get(pk=cohort.course_id)  # one figure fills up at a time
    questions = asked_in(cohort.course).get(ask)
    if questions is None:
        raise ValueError("the course does not ask this")
    closed, is_new = SurveyRound.objects.get_or_create(
        cohort=cohort, ask=ask, defaults={"closed_at": now, "closed_by": closed_by}
    )
    if not is_new:
        return closed
    codes = {pairing_code(key) for key in SurveyKey.objects.filter(enrolment__cohort=cohort)}
    responses = [
        response
        for response in SurveyResponse.objects.filter(
            activity__in=questions.activity_ids, moment__in=questions.moments, counted=False
        )
        if response.pairing_code in codes
    ]
    for construct, scores in _scores(questions, responses).items():
        if len(scores) >= FEWEST:
            SurveyFigure.objects.create(
                course=cohort.course,
                cohort=cohort,
                ask=ask,
                construct=construct,
                people=len(scores),
                sums=_sums(scores),
                sealed_at=now,
            )
        elif scores:
            _fill_up(cohort.course, ask, construct, scores, now)
    SurveyResponse.objects.filter(pk__in=[response.pk for response in responses]).update(counted=True)
    return closed


Scores = Mapping[str, Mapping[str, int]]  # by code, by moment


def _scores(questions: Asked, responses: list[SurveyResponse]) -> dict[str, Scores]:
    """By construct, of those who answered it at each of its moments: two sets of people would tell of their difference."""
    found: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for response in responses:
        for construct, value in response.answers.items():
            score = questions.score(construct, response.activity_id, value)
            if score is not None:
                found[construct][response.pairing_code][response.moment] = score
    return {
        construct: {code: by for code, by in of.items() if set(by) == questions.moments_of[construct]}
        for construct, of in found.items()
    }


def _sums(scores: Scores) -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for by_moment in scores.values():
        for moment, score in by_moment.items():
            sums[moment] += score
    return dict(sums)


def _fill_up(course: Course, ask: str, construct: str, scores: Scores, now: datetime) -> None:
    """Add a few people to the figure without a group, and seal it once they are five."""
    figure = SurveyFigure.objects.filter(course=course, ask=ask, construct=construct, sealed_at=None).first()
    figure = figure or SurveyFigure(course=course, ask=ask, construct=construct, people=0, sums={})
    added = _sums(scores)
    figure.people += len(scores)
    figure.sums = {moment: figure.sums.get(moment, 0) + added[moment] for moment in added}
    figure.sealed_at = now if figure.people >= FEWEST else None
    figure.save()


def pairing_code(key: SurveyKey) -> str:
    """The code of an enrolment's answers: a keyed digest, which nobody can make without the secret."""
    return hmac.new(key.secret.encode(), b"survey", hashlib.sha256).hexdigest()


def answers_under(key: SurveyKey) -> list[dict[str, Any]]:
    """All that was answered under an enrolment's code, for the person's own export."""
    responses = SurveyResponse.objects.filter(pairing_code=pairing_code(key)).order_by("pk")
    return [{"answered_on": str(each.answered_on), "answers": each.answers} for each in responses]
