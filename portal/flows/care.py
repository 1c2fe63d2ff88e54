"""Asking to be called, and the questions three months later."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from courses.models import CallRequest, Course, Enrolment, LaterQuestions
from courses.queries.care import trainers_of
from courses.queries.later import due_to_be_asked
from courses.services.care import ask_for_call
from courses.services.later import note_invited
from people.flows import send_message
from people.models import User
from portal.flows.rounds import ONE_ROUND


@transaction.atomic
def ask_to_be_called(*, enrolment: Enrolment, moment: str, phone: str, now: datetime) -> CallRequest:
    """Keep the request and tell the trainers of the group, once per request, that somebody asked."""
    request, is_new = ask_for_call(enrolment=enrolment, moment=moment, phone=phone, now=now)
    if is_new:
        for trainer in trainers_of(enrolment).select_related("contact"):
            _tell_trainer_of_call(request, trainer, now)
    return request


def _tell_trainer_of_call(request: CallRequest, trainer: User, now: datetime) -> None:
    """Neither who nor why nor which number: that stands behind the sign-in."""
    send_message(
        recipient=trainer,
        kind="call",
        cause=f"call:{request.pk}:{trainer.pk}",
        subject=_("Somebody asks you to call"),
        text=_(
            "Somebody in one of your groups would like you to call. Log in to see who, and when it suits:\n%(address)s"
        )
        % {"address": f"{settings.SITE_URL}{reverse('training')}"},
        joinable=True,
        now=now,
    )


def ask_later_questions(*, now: datetime) -> int:
    """For the clock: ask who agreed to it, three months after. How many."""
    due = list(
        due_to_be_asked(now, timezone.localdate(now))[:ONE_ROUND].select_related(
            "enrolment__learner__contact"
        )
    )
    return sum(_ask_later(questions, now) for questions in due)


@transaction.atomic
def _ask_later(questions: LaterQuestions, now: datetime) -> bool:
    if not note_invited(questions=questions, now=now):
        return False
    course = Course.objects.get(pk=questions.enrolment.course_id)
    with translation.override(course.source_locale):
        send_message(
            recipient=questions.enrolment.learner,
            kind="later",
            cause=f"later:{questions.pk}",
            subject=_("A few questions, as agreed"),
            text=_(
                "Hello,\n\n"
                "You said that we may ask you a few questions now. It takes five minutes, and you may skip what you want:\n%(address)s\n\n"
                "Not in the mood? Then you need not do anything; we ask once."
            )
            % {"address": f"{settings.SITE_URL}{reverse('later', args=[course.short_key])}"},
            now=now,
        )
    return True
