"""The signed-in screens of trainees, trainers and coordinators."""

from .answers import answer
from .assignments import handed_in_file, submission, submission_file, submissions
from .care import call_me, my_group, no_call, pause
from .certificates import award_record, certificates, course_standing, say_ready, say_yes
from .coordination import learners, recovery_code
from .desk import calls, check_ins, cohort, cohort_file, take, training
from .dialogues import talk_choices
from .evaluation import cohort_surveys, later, survey_averages
from .learning import leerplek, legal_name, my_course, start_course, stop_course
from .personal import download_my_data, erase_me, my_data, profile
from .played import export_statements, played_by_learner, played_package
from .player import place, player, statement
from .playing import keep_place
from .points import my_points, register_runs, run_download
from .questions import questions
from .reading import answer_seen, answers, shared_text, shared_texts
from .reflections import erase_reflection, reflection, reflections, share_reflection
from .together import batch, batch_file, batch_progress, give_together
from .undelivered import send_all_again, send_one_again, undelivered, undelivered_message

__all__ = [
    "answer",
    "answer_seen",
    "answers",
    "award_record",
    "batch",
    "batch_file",
    "batch_progress",
    "call_me",
    "calls",
    "certificates",
    "check_ins",
    "cohort",
    "cohort_file",
    "cohort_surveys",
    "course_standing",
    "download_my_data",
    "erase_me",
    "erase_reflection",
    "export_statements",
    "give_together",
    "handed_in_file",
    "keep_place",
    "later",
    "learners",
    "leerplek",
    "legal_name",
    "my_course",
    "my_data",
    "my_group",
    "my_points",
    "no_call",
    "pause",
    "place",
    "played_by_learner",
    "played_package",
    "player",
    "profile",
    "questions",
    "recovery_code",
    "reflection",
    "reflections",
    "register_runs",
    "run_download",
    "say_ready",
    "say_yes",
    "send_all_again",
    "send_one_again",
    "share_reflection",
    "shared_text",
    "shared_texts",
    "start_course",
    "statement",
    "stop_course",
    "submission",
    "submission_file",
    "submissions",
    "survey_averages",
    "take",
    "talk_choices",
    "training",
    "undelivered",
    "undelivered_message",
]
