"""Study points: what somebody has and plans per register, and what a register is told of one group."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from certification.models import Accreditation, Award, Edition, Points, Register, RegisterNumber
from certification.registers import Period, period_on
from courses.models import Cohort, Enrolment
from people.models import User


@dataclass
class RegisterStanding:
    """How somebody stands with one register: points earned in their period, what courses under way may bring, and needed."""

    register: Register
    number: RegisterNumber | None = None
    period: Period | None = None
    lines: list[Points] = field(default_factory=list)
    planned: Decimal = Decimal(0)

    @property
    def earned(self) -> Decimal:
        return sum((each.points for each in self.lines), Decimal(0))

    @property
    def missing(self) -> Decimal | None:
        """What neither is earned nor planned; `None` where the register asks no number."""
        needed = self.register.points_needed
        return None if needed is None else max(needed - self.earned - self.planned, Decimal(0))

    @property
    def by_category(self) -> dict[str, Decimal]:
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for line in self.lines:
            sums[line.category] += line.points
        return dict(sums)


def points_of(user: User, *, today: date) -> list[RegisterStanding]:
    """Per register in which somebody has a number, points or something planned. Three queries."""
    found: dict[int, RegisterStanding] = {}
    for number in RegisterNumber.objects.filter(user=user).select_related("register"):
        period = period_on(number.period_from, number.register.period_months, today)
        found[number.register_id] = RegisterStanding(number.register, number, period)
    earned = (
        Points.objects.filter(award__holder=user, award__status=Award.Status.VALID)
        .select_related("register", "award")
        .order_by("-earned_on", "-pk")
    )
    for line in earned:
        standing = found.setdefault(line.register_id, RegisterStanding(line.register))
        if standing.period is None or line.earned_on in standing.period:
            standing.lines.append(line)
    for accreditation in _planned(user, today):
        standing = found.setdefault(accreditation.register_id, RegisterStanding(accreditation.register))
        standing.planned += accreditation.points
    return sorted(found.values(), key=lambda each: each.register.name)


def _planned(user: User, today: date) -> QuerySet[Accreditation]:
    """What courses under way may still bring."""
    under_way = Enrolment.objects.filter(learner=user, course=OuterRef("scheme__course")).exclude(
        status=Enrolment.Status.WITHDRAWN
    )
    unawarded = under_way.filter(~Exists(Award.objects.current().filter(enrolment=OuterRef("pk"))))
    return Accreditation.objects.filter(
        Exists(unawarded), valid_from__lte=today, valid_until__gte=today
    ).select_related("register")


@dataclass
class Run:
    """One group's run of an accredited course, as a register sees it."""

    accreditation: Accreditation
    cohort: Cohort
    edition: Edition | None
    people: int
    without_number: list[str]
    # Who earned points with this course before, in the same period: registers differ in whether both count.
    once_more: list[str]

    @property
    def ready(self) -> int:
        return self.people - len(self.without_number)


def runs_of(user: User) -> list[Run]:
    """The accredited runs of the groups that somebody coordinates in which points were earned. Six queries."""
    cohorts = Enrolment.objects.coordinated_by(user).filter(cohort__isnull=False).values("cohort")
    earned = (
        _told()
        .filter(award__enrolment__cohort__in=cohorts)
        .values("accreditation", "award__enrolment__cohort")
        .annotate(people=Count("pk"))
    )
    pairs = {(row["accreditation"], row["award__enrolment__cohort"]): row["people"] for row in earned}
    accreditations = Accreditation.objects.select_related("register", "scheme__course").in_bulk(
        {accreditation for accreditation, _cohort in pairs}
    )
    groups = Cohort.objects.in_bulk({cohort for _accreditation, cohort in pairs})
    editions = {
        (each.accreditation_id, each.cohort_id): each
        for each in Edition.objects.filter(cohort__in=groups, accreditation__in=accreditations)
    }
    unnumbered: dict[tuple[int, int], list[str]] = defaultdict(list)
    nameless = _told().filter(~_has_number(), award__enrolment__cohort__in=groups)
    for accreditation, cohort, alias in nameless.order_by("award__enrolment__alias").values_list(
        "accreditation", "award__enrolment__cohort", "award__enrolment__alias"
    ):
        unnumbered[accreditation, cohort].append(alias)
    repeated = _once_more(groups)
    runs = [
        Run(accreditations[a], groups[c], editions.get((a, c)), people, unnumbered[a, c], repeated[a, c])
        for (a, c), people in pairs.items()
    ]
    return sorted(
        runs, key=lambda run: (run.cohort.ends_on or date.max, run.cohort.name, run.accreditation.pk)
    )


def _once_more(cohorts: Iterable[int]) -> dict[tuple[int, int], list[str]]:
    """Per accreditation and group who got its points again: a renewal, or a time in another period, is none. One query."""
    before = (
        _told()
        .filter(
            Q(earned_on__lt=OuterRef("earned_on"))
            | Q(earned_on=OuterRef("earned_on"), pk__lt=OuterRef("pk")),
            register=OuterRef("register"),
            award__holder=OuterRef("award__holder"),
            award__course_key=OuterRef("award__course_key"),
        )
        .order_by("-earned_on", "-pk")
    )
    numbers = RegisterNumber.objects.filter(user=OuterRef("award__holder"), register=OuterRef("register"))
    found: dict[tuple[int, int], list[str]] = defaultdict(list)
    for line in (
        _told()
        .filter(award__enrolment__cohort__in=cohorts, award__renews=None)
        .annotate(
            earned_before=Subquery(before.values("earned_on")[:1]),
            began=Subquery(numbers.values("period_from")[:1]),
        )
        .filter(earned_before__isnull=False)
        .select_related("register", "award__enrolment")
        .order_by("award__enrolment__alias", "pk")
    ):
        period = period_on(line.began, line.register.period_months, line.earned_on)
        if period is None or line.earned_before in period:
            found[line.accreditation_id, line.award.enrolment.cohort_id].append(line.award.enrolment.alias)
    return found


def told_of(*, accreditation: Accreditation, cohort: Cohort) -> QuerySet[Points]:
    """What a register is told of one run: who earned its points and has a number there, in a fixed order. One query."""
    numbers = RegisterNumber.objects.filter(user=OuterRef("award__holder"), register=OuterRef("register"))
    return (
        _told()
        .filter(_has_number(), accreditation=accreditation, award__enrolment__cohort=cohort)
        .annotate(register_number=numbers.values("number")[:1])
        .select_related("award")
        .order_by("pk")
    )


def _told() -> QuerySet[Points]:
    """Points of awards that count and whose holder is known: one row per person and accreditation."""
    return Points.objects.filter(
        Q(award__status=Award.Status.VALID, award__holder__isnull=False), accreditation__isnull=False
    )


def _has_number() -> Exists:
    return Exists(
        RegisterNumber.objects.filter(
            user=OuterRef("award__holder"), register=OuterRef("accreditation__register")
        )
    )
