"""Who has earned a certificate, who would, and what is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from certification.models import Award, Scheme
from certification.queries.evidence import evidence_of
from certification.requirements import DEFAULT, Outcome, Verdict, judge
from courses.models import Activity, Attempt, Enrolment
from meetings.models import Meeting
from people.models import User


@dataclass(frozen=True)
class Place:
    """Where a learner can do what is missing: the lesson of an activity, or a meeting."""

    activity: Activity | None = None
    meeting: Meeting | None = None


@dataclass(frozen=True)
class Standing:
    """How one enrolment stands with the certificate of its course. Once awarded it stays so, whatever is asked later."""

    enrolment: Enrolment
    scheme: Scheme | None
    verdict: Verdict
    award: Award | None
    # By kind of requirement, where `certification.queries.places` looked them up.
    places: Mapping[str, Sequence[Place]] = field(default_factory=dict)

    @property
    def asked(self) -> list[tuple[Outcome, Sequence[Place]]]:
        """How each requirement stands, and where what is missing can be done."""
        return [(outcome, self.places.get(kind, ())) for kind, outcome in self.verdict.outcomes.items()]

    @property
    def still_asked(self) -> list[tuple[Outcome, Sequence[Place]]]:
        return [(outcome, places) for outcome, places in self.asked if not outcome.met]

    @property
    def missing(self) -> list[Outcome]:
        return self.verdict.missing

    @property
    def earned(self) -> bool:
        """All is met, and nothing was issued on it yet."""
        return self.award is None and self.verdict.earned

    @property
    def lacks_check(self) -> bool:
        """All is done, but on the learner's word alone: no certificate comes of that."""
        return self.award is None and not self.missing and not self.verdict.is_checked

    @property
    def lacks_name(self) -> bool:
        return self.earned and not self.enrolment.learner.legal_name

    @property
    def waits_for_yes(self) -> bool:
        """A coordinator has to say yes."""
        by_hand = self.scheme is not None and self.scheme.handing == Scheme.Handing.CONFIRMED
        return self.earned and by_hand and not self.lacks_name


def standings(enrolments: Sequence[Enrolment]) -> list[Standing]:
    """How every enrolment stands by its course's scheme, in the order given.

    A fixed number of queries: schemes, awards, and those of `evidence_of`. The enrolments come with their learner.
    """
    schemes = {
        scheme.course_id: scheme
        for scheme in Scheme.objects.filter(course__in={each.course_id for each in enrolments})
    }
    awards = awards_given(enrolments)
    known = evidence_of(enrolments)
    found = []
    for enrolment in enrolments:
        scheme = schemes.get(enrolment.course_id)
        verdict = judge(scheme.requirements if scheme else DEFAULT, known[enrolment.pk])
        found.append(Standing(enrolment, scheme, verdict, awards.get(enrolment.pk)))
    return found


def awards_given(enrolments: Sequence[Enrolment]) -> dict[UUID, Award]:
    """The current award per enrolment that has one. One query."""
    # Of several, one renewed by points the other: the last counts.
    given = Award.objects.current().filter(enrolment__in=enrolments).order_by("issued_at", "pk")
    return {award.enrolment_id: award for award in given}


def unawarded() -> QuerySet[Enrolment]:
    """Enrolments that may have earned what they do not have yet: to be judged by `standings`."""
    graded_here = Attempt.objects.filter(
        enrolment=OuterRef("pk"), passed=True, max_score__gt=0, self_reported=False
    )
    return (
        Enrolment.objects.exclude(status=Enrolment.Status.WITHDRAWN)
        .filter(
            Q(course__scheme__isnull=False) | Q(Exists(graded_here), status=Enrolment.Status.COMPLETED),
            ~Exists(Award.objects.current().filter(enrolment=OuterRef("pk"))),
        )
        .select_related("course__programme", "course_version", "learner")
        .order_by("course__programme__organisation", "completed_at", "pk")
    )


def earned_by(learner: User) -> list[Enrolment]:
    """What somebody has earned and does not have: it waits for a name, or for a coordinator's yes.

    One query where there is nothing, those of `standings` otherwise. Courses in which nothing was checked by the server
    or a trainer are left out: no name is asked for without need.
    """
    waiting = list(unawarded().filter(learner=learner))
    return [each.enrolment for each in standings(waiting) if each.earned] if waiting else []
