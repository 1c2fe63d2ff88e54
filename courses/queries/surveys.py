"""What surveys show: averages made of whole figures (`SurveyFigure`), each of five people or more; and who has not answered."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from courses.activities import survey
from courses.models import (
    Activity,
    ActivityState,
    ActivityVersion,
    Cohort,
    Course,
    Enrolment,
    LaterQuestions,
    Programme,
    SurveyFigure,
    SurveyRound,
)
from courses.queries.syllabus import TAUGHT, source_versions
from courses.rules import AFTER, BEFORE, LATER, ask_of

# "toen-zelfinzicht" is asked at the end about the beginning, and stands beside "zelfinzicht".
LOOKING_BACK = "toen-"


@dataclass
class Asked:
    """What is asked together and closed together: `ask`, its surveys, and per construct the moments it is asked at."""

    ask: str
    versions: list[ActivityVersion]
    moments: frozenset[str]
    items: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    moments_of: dict[str, set[str]] = field(default_factory=dict)

    @property
    def activity_ids(self) -> list[int]:
        return [version.activity_id for version in self.versions]

    @cached_property
    def _scales(self) -> dict[int, Mapping[str, Any]]:
        return {version.activity_id: version.specification for version in self.versions}

    def score(self, construct: str, activity_id: int, value: object) -> int | None:
        """A number as it counts: turned round where more is worse. `None` for words and for what is not asked any more."""
        if construct not in self.items or not isinstance(value, int):
            return None
        scale = self._scales[activity_id]
        turned = self.items[construct]["reversed"]
        return scale["minimum"] + scale["maximum"] - value if turned else value


def asked_in(course: Course) -> dict[str, Asked]:
    """What a course asks, by `ask`: before and after together, three months later, and each lesson's own. One query."""
    found: dict[str, Asked] = {}
    for version in _surveys(course):
        moment = version.specification["moment"]
        _ask(found, ask_of(moment, version.activity_id), version, moment)
    if AFTER in found:
        for version in later_versions(found[AFTER]):
            _ask(found, LATER, version, LATER)
    return found


def _ask(found: dict[str, Asked], ask: str, version: ActivityVersion, moment: str) -> None:
    asked = found.setdefault(ask, Asked(ask, [], frozenset()))
    asked.versions.append(version)
    asked.moments |= {moment}
    for item in version.specification["items"]:
        if not item["open"] and not (moment == LATER and item["construct"].startswith(LOOKING_BACK)):
            asked.items[item["construct"]] = item
            asked.moments_of.setdefault(item["construct"], set()).add(moment)


def later_versions(asked: Asked) -> list[ActivityVersion]:
    """The surveys whose questions are asked once more: those of the end."""
    return [version for version in asked.versions if version.specification["moment"] == AFTER]


def _surveys(course: Course) -> QuerySet[ActivityVersion]:
    """The newest wording of every survey taught in a course, in its order."""
    activities = Activity.objects.filter(kind=survey.KIND, lesson__session__course=course, **TAUGHT)
    return (
        source_versions(activities)
        .select_related("activity__lesson")
        .order_by("activity__lesson__session__position", "activity__lesson__position", "activity__position")
    )


@dataclass(frozen=True)
class Average:
    """An average over `people`; `value` is None where no figure may be shown."""

    people: int = 0
    value: float | None = None


@dataclass(frozen=True)
class ConstructResult:
    """One construct: at the start and at the end over the same people, looking back, and three months later. Higher is better."""

    construct: str
    text: str
    before: Average
    after: Average
    looking_back: Average
    later: Average

    @property
    def change(self) -> float | None:
        if self.before.value is None or self.after.value is None:
            return None
        return round(self.after.value - self.before.value, 1)


def results_of_cohort(cohort: Cohort, asked: Mapping[str, Asked]) -> list[ConstructResult]:
    """A group's before and after, from its own figures. One query."""
    return _results(asked, SurveyFigure.objects.filter(cohort=cohort))


def results_of_course(course: Course, asked: Mapping[str, Asked]) -> list[ConstructResult]:
    """Before and after over the closed rounds of a course: its groups' figures and those that small groups share."""
    return _results(asked, SurveyFigure.objects.filter(course=course))


def results_of_programme(programme: Programme, asked: Mapping[str, Asked]) -> list[ConstructResult]:
    """The same over all courses of a programme, by the names of what is asked."""
    return _results(asked, SurveyFigure.objects.filter(course__programme=programme))


def results_of_lesson(cohort: Cohort, asked: Asked) -> list[tuple[str, Average]]:
    """What a group answered to the survey of one lesson: per question, the average. One query."""
    figures = _by_construct(SurveyFigure.objects.filter(cohort=cohort, ask=asked.ask))
    return [
        (item["text"], _average(figures[asked.ask, construct], "")) for construct, item in asked.items.items()
    ]


Figures = dict[tuple[str, str], list[SurveyFigure]]  # by ask and construct


def _by_construct(figures: QuerySet[SurveyFigure]) -> Figures:
    found: Figures = defaultdict(list)
    for figure in figures.filter(sealed_at__isnull=False).order_by("pk"):
        found[figure.ask, figure.construct].append(figure)
    return found


def _results(asked: Mapping[str, Asked], figures: QuerySet[SurveyFigure]) -> list[ConstructResult]:
    if AFTER not in asked:
        return []
    found = _by_construct(figures)
    return [
        ConstructResult(
            construct=construct,
            text=item["text"],
            before=_average(found[AFTER, construct], BEFORE),
            after=_average(found[AFTER, construct], AFTER),
            looking_back=_average(found[AFTER, LOOKING_BACK + construct], AFTER),
            later=_average(found[LATER, construct], LATER),
        )
        for construct, item in asked[AFTER].items.items()
        if not construct.startswith(LOOKING_BACK)
    ]


def _average(figures: Iterable[SurveyFigure], moment: str) -> Average:
    """Over whole figures: taking one apart would be the only way to a smaller number of people."""
    having = [figure for figure in figures if moment in figure.sums]
    people = sum(figure.people for figure in having)
    return Average(people, round(sum(f.sums[moment] for f in having) / people, 1)) if people else Average()


@dataclass(frozen=True)
class Missing:
    """A survey of an open round, with the names of who has not answered it; never what others did."""

    version: ActivityVersion
    answered: int
    aliases: list[str]


@dataclass(frozen=True)
class RoundState:
    """A round of a group: closed since, or open with who has not answered."""

    asked: Asked
    closed_at: datetime | None
    surveys: list[Missing]


def rounds_of(cohort: Cohort, asked: Mapping[str, Asked]) -> list[RoundState]:
    """The rounds of a group in the order of the course. Four queries."""
    closed = dict(SurveyRound.objects.filter(cohort=cohort).values_list("ask", "closed_at"))
    members = dict(
        Enrolment.objects.filter(cohort=cohort)
        .exclude(status=Enrolment.Status.WITHDRAWN)
        .order_by("alias", "pk")
        .values_list("pk", "alias")
    )
    states = set(
        ActivityState.objects.filter(
            enrolment__cohort=cohort, activity__in={pk for each in asked.values() for pk in each.activity_ids}
        ).values_list("enrolment_id", "activity_id")
    )
    later = dict(
        LaterQuestions.objects.filter(enrolment__cohort=cohort, invited_at__isnull=False).values_list(
            "enrolment_id", "answered_at"
        )
    )
    found = []
    for each in asked.values():
        surveys = []
        for version in each.versions:
            if each.ask == LATER:
                of = {pk: alias for pk, alias in members.items() if pk in later}
                done = {pk for pk in of if later[pk]}
            else:
                of, done = members, {pk for pk in members if (pk, version.activity_id) in states}
            surveys.append(Missing(version, len(done), [of[pk] for pk in of if pk not in done]))
        found.append(RoundState(each, closed.get(each.ask), surveys))
    return found
