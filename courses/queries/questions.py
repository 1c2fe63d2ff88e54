"""How the questions of a test do, over the tries of the learners somebody cares for. Never who answered what."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import QuerySet

from courses.activities import quiz
from courses.activities.alternative import is_chosen
from courses.item_analysis import FEWEST_LEARNERS, Answer, ItemStatistics, Try, Verdict, analyse
from courses.models import Activity, ActivityVersion, Attempt, Enrolment


@dataclass(frozen=True)
class QuestionLine:
    """One question with its numbers. `wrong_option` is what is chosen most of what should not be, in words."""

    text: str
    wrong_option: str
    statistics: ItemStatistics

    @property
    def verdict(self) -> Verdict:
        return self.statistics.verdict


@dataclass(frozen=True)
class QuestionReport:
    """`lines` is empty while fewer than five learners made the test. The questions to look at come first."""

    learners: int
    tries: int
    lines: list[QuestionLine] = field(default_factory=list)


def quizzes_of(enrolments: QuerySet[Enrolment]) -> QuerySet[Activity]:
    """The tests in the courses of these enrolments."""
    return (
        Activity.objects.filter(
            kind=quiz.KIND, retired_at=None, lesson__session__course__in=enrolments.values("course")
        )
        .select_related("lesson__session__course")
        .order_by("lesson__session__course", "lesson__session__position", "lesson__position", "position")
    )


def question_report(*, activity: Activity, enrolments: QuerySet[Enrolment]) -> QuestionReport:
    """All tries of a test by these enrolments, question by question. Two queries, however many tries."""
    rows = [
        row
        for row in Attempt.objects.filter(activity=activity, enrolment__in=enrolments)
        .order_by("pk")
        .values_list("enrolment_id", "version_id", "response")
        if not is_chosen(row[2])
    ]
    learners = len({enrolment_id for enrolment_id, _version_id, _response in rows})
    if learners < FEWEST_LEARNERS:
        return QuestionReport(learners, len(rows))
    versions = ActivityVersion.objects.in_bulk({version_id for _enrolment_id, version_id, _response in rows})
    tries = [
        Try(enrolment_id, _answers(versions[version_id], response))
        for enrolment_id, version_id, response in rows
    ]
    words = _words(versions)
    lines = [_line(words[question], numbers) for question, numbers in analyse(tries).items()]
    order = list(Verdict)
    lines.sort(key=lambda line: (order.index(line.verdict), line.statistics.share_right, line.text))
    return QuestionReport(learners, len(rows), lines)


def _answers(version: ActivityVersion, response: dict) -> list[Answer]:
    return [
        Answer(outcome.key, outcome.right, outcome.wrong)
        for outcome in quiz.outcomes(version.specification, response)
    ]


def _words(versions: Mapping[int, ActivityVersion]) -> dict[str, quiz.Wording]:
    """The wording of every question, as it was published last of those that were answered."""
    words: dict[str, quiz.Wording] = {}
    for version in sorted(versions.values(), key=lambda version: (version.published_at, version.pk)):
        words |= quiz.wordings(version.specification)
    return words


def _line(words: quiz.Wording, numbers: ItemStatistics) -> QuestionLine:
    # An option that later wordings no longer have is counted, and has no words left.
    return QuestionLine(words.text, words.options.get(numbers.commonest_wrong or "", ""), numbers)
