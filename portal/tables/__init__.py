"""Tables on the trainers' and coordinators' screens."""

from .learners import LearnersTable, MemberLine, MembersTable, member_lines
from .questions import QuestionsTable
from .surveys import ResultLine, SurveyTable, result_lines
from .undelivered import PutAsideTable, UndeliveredTable
from .work import AwardsTable, PlayedTable, SubmissionsTable

__all__ = [
    "AwardsTable",
    "LearnersTable",
    "MemberLine",
    "MembersTable",
    "PlayedTable",
    "PutAsideTable",
    "QuestionsTable",
    "ResultLine",
    "SubmissionsTable",
    "SurveyTable",
    "UndeliveredTable",
    "member_lines",
    "result_lines",
]
