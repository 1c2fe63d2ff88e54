"""What surveys show: averages per construct, never of fewer than five people."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import mean

from django.db.models import QuerySet

from courses.activities import survey
from courses.models import Activity, ActivityVersion, Course, SurveyResponse
from courses.queries.syllabus import TAUGHT, source_versions

FEWEST = 5  # people: below that an average says too much about each of them


@dataclass(frozen=True)
class Average:
    """An average over `people`; `value` is None where there are too few of them to show it."""

    people: int
    value: float | None


@dataclass(frozen=True)
class ConstructResult:
    """One construct before (T0) and after (T1), and the change of those who answered both. Higher is better."""

    construct: str
    text: str
    before: Average
    after: Average
    change: Average


def average(values: Iterable[float]) -> Average:
    found = list(values)
    return Average(len(found), round(mean(found), 1) if len(found) >= FEWEST else None)


def survey_results(course: Course) -> list[ConstructResult]:
    """The constructs of a course's surveys, in the order in which they are asked. Two queries."""
    versions = [version for version in _surveys(course) if version.specification["moment"]]
    asked = {
        item["construct"]: item
        for version in versions
        for item in version.specification["items"]
        if not item["open"]
    }
    scales = {version.activity_id: version.specification for version in versions}
    scores: dict[str, dict[str, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    for response in SurveyResponse.objects.filter(activity__in=scales):
        scale = scales[response.activity_id]
        for construct, value in response.answers.items():
            if construct in asked and isinstance(value, int):
                score = scale["minimum"] + scale["maximum"] - value if asked[construct]["reversed"] else value
                scores[construct][response.moment][response.pairing_code] = score
    return [_result(construct, item["text"], scores[construct]) for construct, item in asked.items()]


def _surveys(course: Course) -> QuerySet[ActivityVersion]:
    """The newest wording of every survey taught in a course, in its order."""
    activities = Activity.objects.filter(kind=survey.KIND, lesson__session__course=course, **TAUGHT)
    return source_versions(activities).order_by(
        "activity__lesson__session__position", "activity__lesson__position", "activity__position"
    )


def _result(construct: str, text: str, moments: Mapping[str, Mapping[str, float]]) -> ConstructResult:
    before, after = moments.get("T0", {}), moments.get("T1", {})
    changes = [after[code] - before[code] for code in before.keys() & after.keys()]
    return ConstructResult(
        construct, text, average(before.values()), average(after.values()), average(changes)
    )
