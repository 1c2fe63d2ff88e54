"""How well the questions of a test do their work: classical item analysis, without a database.

Discrimination is the corrected item-total correlation: the point-biserial correlation between answering this question
right and the share of the *other* questions of the same try that were right. Corrected, because a question that counts in
its own total would look better than it is (Henrysson 1963, "Correction of item-total correlations in item analysis",
Psychometrika 28, doi:10.1007/BF02289618). Below 0.20 a question hardly tells who knows more; below 0 it says the opposite,
which mostly means that its key or its wording is wrong (Ebel & Frisbie 1991, Essentials of Educational Measurement).
"""

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

FEWEST_LEARNERS = 5  # below that, numbers would tell what one person answered
WEAK = 0.20
EASY, HARD = 0.95, 0.20  # shares of right answers


class Verdict(StrEnum):
    """What a trainer should know of a question, the most urgent first."""

    TURNED = "turned"
    HARD = "hard"
    WEAK = "weak"
    EASY = "easy"
    FINE = "fine"
    TOO_FEW = "too_few"


@dataclass(frozen=True)
class Answer:
    """One question in one try. `wrong` are the options that were chosen and should not have been."""

    question: str
    right: bool
    wrong: tuple[str, ...] = ()


@dataclass(frozen=True)
class Try:
    """All answers that one learner gave in one go."""

    learner: Hashable
    answers: Sequence[Answer]


@dataclass(frozen=True)
class ItemStatistics:
    """One question over all tries. `discrimination` is `None` where nothing differs, so nothing can be compared."""

    learners: int
    asked: int
    right: int
    commonest_wrong: str | None
    commonest_wrong_count: int
    discrimination: float | None

    @property
    def share_right(self) -> float:
        return self.right / self.asked

    @property
    def verdict(self) -> Verdict:
        if self.learners < FEWEST_LEARNERS:
            return Verdict.TOO_FEW
        # As it is shown, in two decimals: what rounding makes of nothing is not less than nothing.
        discrimination = None if self.discrimination is None else round(self.discrimination, 2)
        if discrimination is not None and discrimination < 0:
            return Verdict.TURNED
        if self.share_right < HARD:
            return Verdict.HARD
        if self.share_right >= EASY:
            return Verdict.EASY
        if discrimination is None or discrimination < WEAK:
            return Verdict.WEAK
        return Verdict.FINE


def analyse(tries: Iterable[Try]) -> dict[str, ItemStatistics]:
    """Statistics by question, over all tries in which it was asked."""
    learners: dict[str, set[Hashable]] = defaultdict(set)
    answers: dict[str, list[Answer]] = defaultdict(list)
    others: dict[str, list[float | None]] = defaultdict(list)
    for each in tries:
        total = sum(answer.right for answer in each.answers)
        for answer in each.answers:
            learners[answer.question].add(each.learner)
            answers[answer.question].append(answer)
            others[answer.question].append(_share_of_others(answer, total, len(each.answers)))
    return {
        question: _statistics(len(learners[question]), given, others[question])
        for question, given in answers.items()
    }


def _share_of_others(answer: Answer, total: int, asked: int) -> float | None:
    """The share of the try's other questions that were right; `None` where there was no other."""
    return (total - answer.right) / (asked - 1) if asked > 1 else None


def _statistics(learners: int, answers: Sequence[Answer], others: Sequence[float | None]) -> ItemStatistics:
    pairs = [
        (float(answer.right), other)
        for answer, other in zip(answers, others, strict=True)
        if other is not None
    ]
    wrong = Counter(option for answer in answers for option in answer.wrong)
    commonest = min(wrong, key=lambda option: (-wrong[option], option), default=None)
    return ItemStatistics(
        learners=learners,
        asked=len(answers),
        right=sum(answer.right for answer in answers),
        commonest_wrong=commonest,
        commonest_wrong_count=wrong[commonest] if commonest is not None else 0,
        discrimination=correlation(pairs),
    )


def correlation(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Pearson's r, which with a 0/1 variable is the point-biserial; `None` where one side is the same everywhere."""
    count = len(pairs)
    if count < 2:  # noqa: PLR2004 -- one point has no slope
        return None
    mean_x, mean_y = sum(x for x, _y in pairs) / count, sum(y for _x, y in pairs) / count
    spread_x = sum((x - mean_x) ** 2 for x, _y in pairs)
    spread_y = sum((y - mean_y) ** 2 for _x, y in pairs)
    if math.isclose(spread_x, 0, abs_tol=1e-12) or math.isclose(spread_y, 0, abs_tol=1e-12):
        return None
    together = sum((x - mean_x) * (y - mean_y) for x, y in pairs)
    return max(-1.0, min(1.0, together / math.sqrt(spread_x * spread_y)))
