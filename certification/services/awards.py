"""Awarding a certificate: once per enrolment, frozen as it was on the day."""

import secrets
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import get_language

from certification.models import Award, Document
from certification.queries import required_of
from certification.rules import evidence, meets_requirement, name_digest, net_minutes, printable_name
from courses.models import Course, Enrolment, Programme
from people.models import User


def award_if_earned(*, enrolment: Enrolment, now: datetime) -> Award | None:
    """The certificate of an enrolment that has earned one: made now, or the one that is there (`issued_at` tells).

    None while the course is not completed (no query), while nothing in it was graded by the server, and while the
    learner gave no name that can be printed: the award waits for it. The caller's transaction holds the lock on the
    enrolment; the constraint holds without it too. Writes the document's row; `certification.flows` queues the work.
    """
    if enrolment.status != Enrolment.Status.COMPLETED:
        return None
    holder, course = enrolment.learner, enrolment.course
    name = printable_name(holder.legal_name)
    required = required_of(enrolment) if name else []
    if not meets_requirement(required):
        return _award_of(enrolment)
    language = _language_for(course)
    salt = secrets.token_hex(16)
    try:
        with transaction.atomic():
            award = Award.objects.create(
                enrolment=enrolment,
                holder=holder,
                course_key=course.key,
                course_version=enrolment.course_version.fingerprint,
                title=course.titles.get(language, course.title),
                discreet_title=course.discreet_title,
                neutral=course.programme.audience == Programme.Audience.EXPERIENCE,
                provider=settings.ORGANISATION_NAME,
                holder_name=name,
                salt=salt,
                name_hmac=name_digest(name=name, salt=salt),
                net_minutes=net_minutes(required),
                hours_label=course.hours_label,
                started_on=timezone.localdate(enrolment.started_at),
                # A clock put back in between must not cost anybody their last answer.
                completed_on=timezone.localdate(max(enrolment.started_at, enrolment.completed_at)),
                issued_at=now,
                language=language,
                evidence=evidence(required),
            )
            Document.objects.create(award=award, due_at=now)
    except IntegrityError:  # it was awarded before
        award = _award_of(enrolment)
        if award is None:
            raise
    return award


def set_name_visible(*, award: Award, holder: User, visible: bool) -> Award:
    """Let strangers with the number read the name, or not. Raises `Award.DoesNotExist` unless it is the holder's own."""
    if not Award.objects.visible_to(holder).filter(pk=award.pk).update(name_visible=visible):
        raise Award.DoesNotExist
    award.name_visible = visible
    return award


@transaction.atomic
def revoke_award(*, award: Award, now: datetime) -> Award:
    """From now on it does not count. Revoking again changes nothing; there is no way back, only a new award."""
    Award.objects.filter(pk=award.pk, status=Award.Status.VALID).update(
        status=Award.Status.REVOKED, revoked_at=now
    )
    award.refresh_from_db(fields=["status", "revoked_at"])
    return award


def _award_of(enrolment: Enrolment) -> Award | None:
    return Award.objects.select_related("document").filter(enrolment=enrolment).first()


def _language_for(course: Course) -> str:
    """The language the learner reads in where the course has it, else the course's own."""
    language = get_language() or course.source_locale
    return language if language in course.titles else course.source_locale
