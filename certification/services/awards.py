"""Awarding a certificate: once per enrolment, frozen as it was on the day."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import get_language

from certification.models import Award, AwardEvent, Document, Points, Scheme, Signatory
from certification.queries import evidence_of, given_and_renewable, required_of, scheme_of
from certification.requirements import Evidence, Verdict, judge
from certification.rules import (
    earned_points,
    evidence,
    freeze_accreditations,
    last_day,
    meets_requirement,
    name_digest,
    net_minutes,
    printable_name,
)
from certification.services.serials import next_serial
from courses.models import Course, Enrolment, Programme
from people.models import User

Fields = Mapping[str, Any]


def award_if_earned(*, enrolment: Enrolment, now: datetime, confirmed_by: User | None = None) -> Award | None:
    """The certificate of an enrolment that has earned one: made now, or the one that is there (`issued_at` tells).

    None while what the course asks is not met (one query where it has no scheme and is not completed), while nothing of
    it was checked by the server or a trainer, while a coordinator has yet to say yes, and while the learner gave no name
    that can be printed: the award waits for it. The caller's transaction holds the lock on the enrolment; the constraint
    holds without it too. The document of a new award is not kept yet: `certification.flows` keeps it with its task.
    """
    if enrolment.status == Enrolment.Status.WITHDRAWN:
        return None
    scheme = scheme_of(enrolment.course)
    if scheme is None and enrolment.status != Enrolment.Status.COMPLETED:
        return None
    award, renewed = given_and_renewable(enrolment, today=timezone.localdate(now))
    if award is not None:
        return award
    name = printable_name(enrolment.learner.legal_name)
    frozen = _frozen(enrolment, scheme, now, confirmed=confirmed_by is not None) if name else None
    if frozen is None:
        return None
    try:
        with transaction.atomic():
            return _issue(enrolment, scheme, renewed, name, frozen, now, confirmed_by)
    except IntegrityError:  # somebody else was first
        award, _renewed = given_and_renewable(enrolment, today=timezone.localdate(now))
        if award is None:
            raise
        return award


def set_name_visible(*, award: Award, holder: User, visible: bool) -> Award:
    """Let strangers with the number read the name, or not. Raises `Award.DoesNotExist` unless it is the holder's own."""
    if not Award.objects.visible_to(holder).filter(pk=award.pk).update(name_visible=visible):
        raise Award.DoesNotExist
    award.name_visible = visible
    return award


def named(name: str) -> Fields:
    """What makes an award somebody's: the name, and its digest under a salt of this award alone."""
    salt = secrets.token_hex(16)
    return {"holder_name": name, "salt": salt, "name_hmac": name_digest(name=name, salt=salt)}


def numbered(*, organisation_id: int, now: datetime) -> Fields:
    """The next serial number. Takes the counter's lock: call it last before the award is written."""
    year = timezone.localdate(now).year
    number = next_serial(organisation_id=organisation_id, year=year)
    return {"organisation_id": organisation_id, "serial_year": year, "serial_number": number}


def note(
    *, award: Award, kind: AwardEvent.Kind, now: datetime, by: User | None = None, reason: str = ""
) -> None:
    """Add to an award's history."""
    AwardEvent.objects.create(award=award, kind=kind, at=now, by=by, reason=reason)


def record_issue(*, award: Award, now: datetime, by: User | None = None) -> None:
    """What comes with every new award: a line in its history and in that of what it renews, and its document.

    That is not kept yet: `certification.flows` keeps it with its task.
    """
    award.document = Document(award=award, due_at=now)
    note(award=award, kind=AwardEvent.Kind.CONFIRMED if by else AwardEvent.Kind.ISSUED, now=now, by=by)
    if award.renews is not None:
        note(award=award.renews, kind=AwardEvent.Kind.RENEWED, now=now)


def signing(signatories: Iterable[Signatory]) -> list[dict[str, str]]:
    """Who signs now, as an award keeps it."""
    return [{"name": each.name, "function": each.function, "image": each.image.name} for each in signatories]


def _issue(
    enrolment: Enrolment,
    scheme: Scheme | None,
    renewed: Award | None,
    name: str,
    frozen: Fields,
    now: datetime,
    by: User | None,
) -> Award:
    course = enrolment.course
    language = _language_for(course)
    award = Award.objects.create(
        scheme=scheme,
        enrolment=enrolment,
        holder=enrolment.learner,
        course_key=course.key,
        course_version=enrolment.course_version.fingerprint,
        title=course.titles.get(language, course.title),
        discreet_title=course.discreet_title,
        provider=settings.ORGANISATION_NAME,
        hours_label=course.hours_label,
        started_on=timezone.localdate(enrolment.started_at),
        # A clock put back in between must not cost anybody their last answer.
        completed_on=timezone.localdate(max(enrolment.started_at, enrolment.completed_at or now)),
        issued_at=now,
        language=language,
        renews=renewed,
        valid_until=last_day(scheme, timezone.localdate(now), renewed),
        **named(name),
        **frozen,
        **numbered(organisation_id=course.programme.organisation_id, now=now),
    )
    record_issue(award=award, now=now, by=by)
    if scheme is not None:
        _keep_points(award, scheme)
    return award


def _frozen(enrolment: Enrolment, scheme: Scheme | None, now: datetime, *, confirmed: bool) -> Fields | None:
    """What the award rests on and says, as it is now; `None` where it is not earned."""
    if scheme is None:
        required = required_of(enrolment)
        if not meets_requirement(required):
            return None
        neutral = enrolment.course.programme.audience == Programme.Audience.EXPERIENCE
        return {"evidence": evidence(required), "net_minutes": net_minutes(required), "neutral": neutral}
    if scheme.is_over(timezone.localdate(now)):
        return None
    if scheme.handing == Scheme.Handing.CONFIRMED and not confirmed:
        return None
    known = evidence_of([enrolment])[enrolment.pk]
    verdict = judge(scheme.requirements, known)
    return _by_scheme(enrolment, scheme, known, verdict, now) if verdict.earned else None


def _by_scheme(
    enrolment: Enrolment, scheme: Scheme, known: Evidence, verdict: Verdict, now: datetime
) -> Fields:
    required = required_of(enrolment)
    net = net_minutes(required)
    prefetch_related_objects([scheme], "accreditations__register")
    return {
        "evidence": evidence(required),
        "requirements": [
            {"kind": kind, "settings": scheme.requirements[kind], "found": dict(outcome.found)}
            for kind, outcome in verdict.outcomes.items()
        ],
        "net_minutes": net,
        "attended_minutes": known.attended_minutes,
        "paper": scheme.paper,
        "neutral": scheme.neutral,
        "signatories": signing(scheme.signatories.all()),
        "accreditations": freeze_accreditations(
            scheme.accreditations.all(), day=timezone.localdate(now), minutes=net + known.attended_minutes
        ),
    }


def _keep_points(award: Award, scheme: Scheme) -> None:
    """What the award brings for every register that accredited the course on the day of issue."""
    today = timezone.localdate(award.issued_at)
    minutes = award.net_minutes + award.attended_minutes
    Points.objects.bulk_create(
        Points(
            award=award,
            register_id=each.register_id,
            accreditation=each,
            accreditation_number=each.number,
            category=each.category,
            points=earned_points(each, minutes),
            minutes=minutes if each.net_minutes is None else min(minutes, each.net_minutes),
            earned_on=award.completed_on,
        )
        for each in scheme.accreditations.all()
        if each.counts_on(today)
    )


def _language_for(course: Course) -> str:
    """The language the learner reads in where the course has it, else the course's own."""
    language = get_language() or course.source_locale
    return language if language in course.titles else course.source_locale
