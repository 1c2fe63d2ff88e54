"""An activity as a page shows it: the form, and what the learner answered. Knows no HTML and no page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.formats import date_format, time_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from courses.activities import Result, draw, draws, kind_of, readable, respond, tries_left
from courses.activities.alternative import is_chosen
from courses.activities.contract import Specification
from courses.models import Activity, ActivityVersion, Attempt
from courses.rules import NextTry

OWN_BUTTON = {"video", "audio", "download"}


@dataclass(frozen=True)
class ShownActivity:
    """What `cms/activities/activity.html` draws.

    `form` holds no answer key unless `result` is set. `uuid` identifies the form that will be sent.
    """

    id: int | str
    version_id: int
    kind: str
    required: bool
    form: Mapping[str, Any]
    uuid: str
    done: bool = False
    result: Result | None = None
    # What was answered to an earlier wording of this activity, readable.
    earlier: str = ""
    error: str = ""
    conflict: str = ""
    # When the answer was kept, in words.
    kept_on: str = ""
    answered_at: datetime | None = None
    # The trainer with whom a private text is shared, by name.
    reader: str = ""
    saved: bool = False
    # Identifies the answer that is laid over it, where one may try again; what stands above a fresh try.
    answer: str = ""
    again: str = ""
    # The author's equal alternative, and whether the learner chose it.
    alternative: str = ""
    chose_alternative: bool = False
    # How often it may still be tried; `None`: as often as somebody likes.
    tries_left: int | None = None
    # Where the form goes, if not to the learner's own record.
    action: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        return self.result is not None and self.result.passed

    @property
    def has_own_button(self) -> bool:
        """Whether the kind's own part says how it is done, beside what it is about."""
        return self.kind in OWN_BUTTON

    @property
    def graded(self) -> bool:
        return kind_of(self.kind).GRADED

    @property
    def private(self) -> bool:
        return kind_of(self.kind).PRIVATE


def kept_on(moment: datetime) -> str:
    """When an answer was kept, as a sentence in the reader's language and time."""
    local = localtime(moment)
    return _("Kept on %(date)s at %(time)s.") % {
        "date": date_format(local, "j F"),
        "time": time_format(local, "H.i"),
    }


def blank(
    *,
    activity: Activity,
    version: ActivityVersion,
    uuid: str,
    now_trying: NextTry | None = None,
    **more: Any,
) -> ShownActivity:
    """The activity as somebody sees it who has not answered this wording.

    `now_trying` is needed where every try draws something else.
    """
    kind = kind_of(activity.kind)
    specification = draw(activity.kind, version.specification, now_trying.seed if now_trying else "")
    return ShownActivity(
        id=activity.pk,
        version_id=version.pk,
        kind=activity.kind,
        required=activity.required,
        form=kind.form(specification, None),
        uuid=uuid,
        alternative=specification.get("alternative", ""),
        tries_left=_tries_left(version, now_trying),
        **more,
    )


def answered(
    *,
    activity: Activity,
    version: ActivityVersion,
    attempt: Attempt,
    done: bool,
    uuid: str,
    private_text: str = "",
    now_trying: NextTry | None = None,
    **more: Any,
) -> ShownActivity:
    """The activity with the last answer laid over it.

    `version` is the wording shown now; an answer to an earlier wording is told in words beside a fresh form.
    """
    kind = kind_of(activity.kind)
    if is_chosen(attempt.response):
        return blank(
            activity=activity,
            version=version,
            uuid=uuid,
            now_trying=now_trying,
            done=done,
            chose_alternative=True,
            **more,
        )
    if kind.PRIVATE:
        response: dict[str, Any] = {"text": private_text}
    else:
        response = attempt.response
    if attempt.version_id != version.pk and not kind.PRIVATE:
        return blank(
            activity=activity,
            version=version,
            uuid=uuid,
            now_trying=now_trying,
            done=done,
            earlier=in_short(activity, attempt),
            **more,
        )
    return ShownActivity(
        id=activity.pk,
        version_id=version.pk,
        kind=activity.kind,
        required=activity.required,
        form=kind.form(version.specification, response),
        uuid=uuid,
        done=done,
        result=kind.grade(version.specification, response),
        kept_on=kept_on(attempt.received_at),
        answer=attempt.payload_hmac if tried_again(activity.kind) else "",
        answered_at=attempt.received_at,
        alternative=version.specification.get("alternative", ""),
        tries_left=_tries_left(version, now_trying),
        **more,
    )


def tried_again(kind: str) -> bool:
    """Whether a fresh try asks the same once more: there is a right answer, and nothing else is drawn."""
    return kind_of(kind).GRADED and not draws(kind)


def fresh_try(kind: str, specification: Specification, data: Mapping[str, Any]) -> dict[str, Any]:
    """The form and the sentence of one more try after `data`: chosen options are told, what takes more work stays filled in."""
    form = kind_of(kind).form(specification, None)
    refill = getattr(kind_of(kind), "refill", None)
    if refill:
        sentence = _("A fresh try. What you filled in is still there: change what you like.")
        return {"form": refill(form, data), "again": sentence}
    words = readable(kind, specification, respond(kind, specification, data))
    return {"form": form, "again": _("A fresh try. Before, you chose: %(answer)s") % {"answer": words}}


def in_short(activity: Activity, attempt: Attempt) -> str:
    """An answer in words as a sentence can quote it: of a whole test the score alone."""
    return attempt.readable.partition("\n")[0] if draws(activity.kind) else attempt.readable


def _tries_left(version: ActivityVersion, now_trying: NextTry | None) -> int | None:
    return None if now_trying is None else tries_left(version.specification, now_trying.made)
