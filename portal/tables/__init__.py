"""Tables on the trainers' and coordinators' screens."""

from .learners import LearnersTable, MemberLine, MembersTable, member_lines
from .questions import QuestionsTable
from .surveys import ResultLine, SurveyTable, result_lines
from .work import AwardsTable, PlayedTable, SubmissionsTable

__all__ = [
    "AwardsTable",
    "LearnersTable",
    "MemberLine",
    "MembersTable",
    "PlayedTable",
    "QuestionsTable",
    "ResultLine",
    "SubmissionsTable",
    "SurveyTable",
    "member_lines",
    "result_lines",
]
