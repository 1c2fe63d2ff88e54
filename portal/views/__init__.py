"""The signed-in screens of trainees, trainers and coordinators."""

from .answers import answer
from .assignments import handed_in_file, submission, submission_file, submissions
from .certificates import award_record, certificates, course_standing, say_ready, say_yes
from .coordination import learners, recovery_code
from .dialogues import talk_choices
from .learning import leerplek, legal_name, my_course, start_course, stop_course
from .personal import download_my_data, erase_me, my_data, profile
from .playing import keep_place
from .points import my_points, register_runs, run_download
from .questions import questions
from .reflections import erase_reflection, reflection, reflections
from .training import survey_averages, training

__all__ = [
    "answer",
    "award_record",
    "certificates",
    "course_standing",
    "download_my_data",
    "erase_me",
    "erase_reflection",
    "handed_in_file",
    "keep_place",
    "learners",
    "leerplek",
    "legal_name",
    "my_course",
    "my_data",
    "my_points",
    "profile",
    "questions",
    "recovery_code",
    "reflection",
    "reflections",
    "register_runs",
    "run_download",
    "say_ready",
    "say_yes",
    "start_course",
    "stop_course",
    "submission",
    "submission_file",
    "submissions",
    "survey_averages",
    "talk_choices",
    "training",
]
