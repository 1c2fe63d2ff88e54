"""What a sentence in a conversation is, and what a whole conversation looks like beside the marks of MITI 4.2.1.

Source: Moyers, Manuel and Ernst (2015), Motivational Interviewing Treatment Integrity Coding Manual 4.2.1. Its marks
for "fair" and "good" are expert opinion, without norms behind them: here they are feedback and never a pass mark.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

NONE = "none"
CODES = {
    "question": _("question"),
    "simple_reflection": _("simple reflection"),
    "complex_reflection": _("complex reflection"),
    "affirm": _("affirming"),
    "seek_collaboration": _("seeking collaboration"),
    "emphasize_autonomy": _("emphasizing autonomy"),
    "give_information": _("giving information"),
    "persuade": _("persuading"),
    "persuade_with_permission": _("persuading with permission"),
    "confront": _("confronting"),
    NONE: _("none of these"),
}
REFLECTIONS = frozenset({"simple_reflection", "complex_reflection"})
# In MITI these stand against motivational interviewing; here they get the colour of a note, not of a mistake.
TO_LOOK_AT = frozenset({"persuade", "confront"})

FEWEST = 3  # sentences: with fewer there is nothing to say about a conversation
RATIO_FAIR, RATIO_GOOD = 1.0, 2.0  # reflections to each question
COMPLEX_FAIR, COMPLEX_GOOD = 40, 50  # per cent of all reflections

UNDER, FAIR, GOOD = "under", "fair", "good"


@dataclass(frozen=True)
class Measured:
    """Counts of one conversation. `ratio` is `None` without questions, `complex_share` without reflections."""

    sentences: int
    questions: int
    reflections: int
    complex_reflections: int

    @property
    def says_something(self) -> bool:
        return self.sentences >= FEWEST

    @property
    def ratio(self) -> float | None:
        """Reflections to each question."""
        return self.reflections / self.questions if self.questions else None

    @property
    def ratio_mark(self) -> str:
        """`under`, `fair` or `good`, or nothing where there is no ratio."""
        return _mark(self.ratio, RATIO_FAIR, RATIO_GOOD)

    @property
    def complex_share(self) -> float | None:
        """Per cent of the reflections that are complex, 0-100."""
        return 100 * self.complex_reflections / self.reflections if self.reflections else None

    @property
    def complex_mark(self) -> str:
        """`under`, `fair` or `good`, or nothing where nobody reflected."""
        return _mark(self.complex_share, COMPLEX_FAIR, COMPLEX_GOOD)


def measure(sentences: Sequence[Iterable[str]]) -> Measured:
    """Count the codes of each sentence, each code once a sentence as MITI does."""
    counts = Counter(code for codes in sentences for code in set(codes))
    return Measured(
        sentences=len(sentences),
        questions=counts["question"],
        reflections=sum(counts[code] for code in REFLECTIONS),
        complex_reflections=counts["complex_reflection"],
    )


def _mark(value: float | None, fair: float, good: float) -> str:
    if value is None:
        return ""
    if value >= good:
        return GOOD
    return FAIR if value >= fair else UNDER
