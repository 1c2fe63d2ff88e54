"""Answers to surveys: coded, apart from the record, with nothing that points at a person or an enrolment.

What is shown of them is counted once, when a group's round is closed: see `SurveyFigure`.
"""

from django.conf import settings
from django.db import models

from courses.models.record import Enrolment
from courses.models.syllabus import Activity, Cohort, Course

FEWEST = 5  # people: below that a figure says too much about each of them


class SurveyKey(models.Model):
    """The secret from which the codes of one enrolment are made. Once it is gone, nobody can tell whose answers they are."""

    enrolment = models.OneToOneField(Enrolment, on_delete=models.CASCADE, related_name="survey_key")
    secret = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.enrolment}"


class SurveyResponse(models.Model):
    """What one person answered to one survey. The code is the same at T0 and T1 of a course, and tells nothing else."""

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="survey_responses")
    pairing_code = models.CharField(max_length=64)
    # T2 is asked with the questions of T1, months after the course.
    moment = models.CharField(max_length=2, blank=True)
    answers = models.JSONField()  # a number or words by construct; skipped ones are not there
    answered_on = models.DateField()
    # Part of a closed round: it counts in no other one, and does not change any more.
    counted = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "pairing_code", "moment"], name="courses_survey_answered_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity} {self.answered_on}"


class SurveyRound(models.Model):
    """A group's questions were closed: from then on there are results, and answers count no more. Never opened again."""

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="survey_rounds")
    # "T1": before and after together; "T2": three months later; else the survey of a lesson. See `courses.rules.ask_of`.
    ask = models.CharField(max_length=30)
    closed_at = models.DateTimeField()
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            # A second closing would be a second figure, and the difference of the two tells about a few.
            models.UniqueConstraint(fields=["cohort", "ask"], name="courses_round_closed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.cohort} {self.ask}"


class SurveyFigure(models.Model):
    """Sums over the answers of five people or more to one construct. All that is ever shown is made of whole figures.

    An answer is in one figure at most, and a figure never changes once it is sealed. So whatever somebody adds and
    subtracts, what is left over is of five people or of nobody. Groups with fewer answers share a figure without a
    cohort, which is sealed when it holds five people, and is shown from then on. Never delete or edit one.
    """

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="survey_figures")
    cohort = models.ForeignKey(
        Cohort, null=True, blank=True, on_delete=models.PROTECT, related_name="survey_figures"
    )
    ask = models.CharField(max_length=30)
    construct = models.CharField(max_length=64)
    people = models.PositiveIntegerField()
    # By moment, over the same people at each.
    sums = models.JSONField()
    sealed_at = models.DateTimeField(null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            # The rule itself: what is shown is of five people or more.
            models.CheckConstraint(
                condition=models.Q(sealed_at=None) | models.Q(people__gte=FEWEST),
                name="courses_figure_of_five",
            ),
            # A group's own figure is never added to.
            models.CheckConstraint(
                condition=models.Q(cohort=None) | models.Q(sealed_at__isnull=False),
                name="courses_figure_of_cohort_sealed",
            ),
            models.UniqueConstraint(fields=["cohort", "ask", "construct"], name="courses_figure_once"),
            # One figure at a time fills up; two would keep few people apart for longer.
            models.UniqueConstraint(
                fields=["course", "ask", "construct"],
                condition=models.Q(sealed_at=None),
                name="courses_figure_one_filling",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course} {self.ask} {self.construct}"


class LaterQuestions(models.Model):
    """A learner agreed to be asked once more, three months after. It holds no answers, only that there were some."""

    enrolment = models.OneToOneField(Enrolment, on_delete=models.CASCADE, related_name="later_questions")
    agreed_at = models.DateTimeField()
    due_on = models.DateField()
    invited_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        indexes = [models.Index(fields=["invited_at", "due_on"], name="courses_later_due")]

    def __str__(self) -> str:
        return f"{self.enrolment} {self.due_on}"
