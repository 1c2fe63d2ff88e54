"""Floor 3: the syllabus, and the record of who learned what."""

from .assignment import Feedback, Submission
from .care import AnswerSeen, CallRequest, CheckIn
from .place import ResumePoint
from .record import ActivityState, Attempt, Enrolment, ErasureOrder, Reflection
from .statement import Statement
from .survey import LaterQuestions, SurveyFigure, SurveyKey, SurveyResponse, SurveyRound
from .syllabus import (
    Activity,
    ActivityVersion,
    Cohort,
    Course,
    CourseVersion,
    CourseVersionItem,
    Lesson,
    Programme,
    Session,
)

__all__ = [
    "Activity",
    "ActivityState",
    "ActivityVersion",
    "AnswerSeen",
    "Attempt",
    "CallRequest",
    "CheckIn",
    "Cohort",
    "Course",
    "CourseVersion",
    "CourseVersionItem",
    "Enrolment",
    "ErasureOrder",
    "Feedback",
    "LaterQuestions",
    "Lesson",
    "Programme",
    "Reflection",
    "ResumePoint",
    "Session",
    "Statement",
    "Submission",
    "SurveyFigure",
    "SurveyKey",
    "SurveyResponse",
    "SurveyRound",
]
