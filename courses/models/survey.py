"""Answers to surveys: coded, apart from the record, with nothing that points at a person or an enrolment."""

from django.db import models

from courses.models.record import Enrolment
from courses.models.syllabus import Activity


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
    moment = models.CharField(max_length=2, blank=True)
    answers = models.JSONField()  # a number or words by construct; skipped ones are not there
    answered_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["activity", "pairing_code"], name="courses_survey_answered_once"),
        ]

    def __str__(self) -> str:
        return f"{self.activity} {self.answered_on}"
