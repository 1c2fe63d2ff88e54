"""Keeping what was answered to a survey, apart from who answered it."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from courses.models import ActivityVersion, Enrolment, SurveyKey, SurveyResponse


def keep_survey(
    *, enrolment: Enrolment, version: ActivityVersion, answers: Mapping[str, Any], now: datetime
) -> SurveyResponse:
    """Keep the answers under the enrolment's code. Answered again, the new ones take the place of the old."""
    key, _created = SurveyKey.objects.get_or_create(
        enrolment=enrolment, defaults={"secret": secrets.token_hex(32)}
    )
    response, _created = SurveyResponse.objects.update_or_create(
        activity_id=version.activity_id,
        pairing_code=pairing_code(key),
        defaults={
            "moment": version.specification["moment"],
            "answers": dict(answers),
            "answered_on": timezone.localdate(now),
        },
    )
    return response


def pairing_code(key: SurveyKey) -> str:
    """The code of an enrolment's answers: a keyed digest, which nobody can make without the secret."""
    return hmac.new(key.secret.encode(), b"survey", hashlib.sha256).hexdigest()


def answers_under(key: SurveyKey) -> list[dict[str, Any]]:
    """All that was answered under an enrolment's code, for the person's own export."""
    responses = SurveyResponse.objects.filter(pairing_code=pairing_code(key)).order_by("pk")
    return [{"answered_on": str(each.answered_on), "answers": each.answers} for each in responses]
