"""What comes of what a SCORM package says: the players' own code with the runtime from npm, outside a browser."""

import json
import subprocess

import pytest
from django.conf import settings

STATUS, RAW, MAX, MIN = (
    "cmi.core.lesson_status",
    "cmi.core.score.raw",
    "cmi.core.score.max",
    "cmi.core.score.min",
)
COMPLETION, SUCCESS, SCALED = "cmi.completion_status", "cmi.success_status", "cmi.score.scaled"


def points(raw, maximum=100):
    return {"raw": raw, "max": maximum}


OUTCOMES = {
    "1.2: nothing said": ("1.2", [], {}, "begun", None),
    "1.2: incomplete": ("1.2", [(STATUS, "incomplete")], {}, "begun", None),
    "1.2: browsed": ("1.2", [(STATUS, "browsed")], {}, "begun", None),
    "1.2: completed": ("1.2", [(STATUS, "completed")], {}, "completed", None),
    "1.2: passed with a score": ("1.2", [(STATUS, "passed"), (RAW, "80")], {}, "passed", points(80)),
    "1.2: failed with a score": ("1.2", [(STATUS, "failed"), (RAW, "30")], {}, "failed", points(30)),
    "1.2: points of its own": ("1.2", [(MAX, "20"), (RAW, "15"), (STATUS, "completed")], {}, "completed", points(15, 20)),
    "1.2: the mark of the lesson counts, not its own": ("1.2", [(RAW, "60"), (STATUS, "completed")], {"mastery": 80}, "completed", points(60)),
    "1.2: a score that cannot be": ("1.2", [(RAW, "400"), (STATUS, "passed")], {}, "passed", None),
    "2004: nothing said": ("2004", [], {}, "begun", None),
    "2004: incomplete": ("2004", [(COMPLETION, "incomplete")], {}, "begun", None),
    "2004: completed": ("2004", [(COMPLETION, "completed")], {}, "completed", None),
    "2004: passed, and the way unknown": ("2004", [(SUCCESS, "passed")], {}, "passed", None),
    "2004: passed half-way": ("2004", [(SUCCESS, "passed"), (COMPLETION, "incomplete")], {}, "begun", None),
    "2004: failed at the end": ("2004", [(SUCCESS, "failed"), (COMPLETION, "completed"), (SCALED, "0.25")], {}, "failed", points(25)),
    "2004: below nothing": ("2004", [(COMPLETION, "completed"), (SCALED, "-0.5")], {}, "completed", points(0)),
    "2004: points above a least": ("2004", [("cmi.score.min", "10"), ("cmi.score.max", "20"), ("cmi.score.raw", "15"), (COMPLETION, "completed")], {}, "completed", points(5, 10)),
    "2004: by its own measure": ("2004", [(SCALED, "0.4"), (COMPLETION, "completed")], {"scaled_passing": 0.5}, "failed", points(40)),
    "2004: far enough": ("2004", [("cmi.progress_measure", "0.8")], {"completion_threshold": 0.75}, "completed", None),
    "2004: not far enough": ("2004", [("cmi.progress_measure", "0.5")], {"completion_threshold": 0.75}, "begun", None),
}  # fmt: skip
DONE = {"status": "completed", "score": None}
WHOLES = {
    "nobody began": ([None], None),
    "one of two": ([DONE, None], None),
    "one begun": ([DONE, {"status": "begun", "score": points(9, 10)}], None),
    "all completed": ([DONE, DONE], DONE),
    "one passed": ([DONE, {"status": "passed", "score": points(8, 10)}], {"status": "passed", "score": points(80)}),
    "one failed": ([{"status": "failed", "score": points(20)}, {"status": "passed", "score": points(80)}], {"status": "failed", "score": points(50)}),
    "the mean of what was scored": ([{"status": "passed", "score": points(1, 3)}, {"status": "passed", "score": points(3, 3)}], {"status": "passed", "score": points(66.67)}),
    "one part keeps its points": ([{"status": "passed", "score": points(15, 20)}], {"status": "passed", "score": points(15, 20)}),
}  # fmt: skip
ANSWERS = [
    ("cmi.interactions.0.id", "q1"),
    ("cmi.interactions.0.type", "matching"),
    ("cmi.interactions.0.student_response", "1.a,2.b"),
    ("cmi.interactions.0.correct_responses.0.pattern", "1.b,2.a"),
    ("cmi.interactions.0.result", "wrong"),
    ("cmi.interactions.1.id", "q2"),
    ("cmi.interactions.1.type", "true-false"),
    ("cmi.interactions.1.student_response", "t"),
]


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """The answers of one run of node to all cases, by name."""
    cases = {
        **{name: {"edition": edition, "said": said, "asks": asks} for name, (edition, said, asks, *_) in OUTCOMES.items()},
        **{name: {"parts": parts} for name, (parts, _whole) in WHOLES.items()},
        "questions": {"edition": "1.2", "said": ANSWERS},
        "again 1.2": {
            "edition": "1.2",
            "said": [(STATUS, "incomplete"), ("cmi.suspend_data", "x"), ("cmi.core.lesson_location", "7"), ("cmi.core.session_time", "00:01:30")],
            "again": ["cmi.suspend_data", "cmi.core.lesson_location", "cmi.core.entry", "cmi.core.total_time", "cmi.core.student_name", "cmi.core.student_id"],
        },
        "again 2004": {
            "edition": "2004",
            "said": [(COMPLETION, "incomplete"), ("cmi.suspend_data", "x"), ("cmi.location", "7"), ("cmi.session_time", "PT90S"), ("cmi.exit", "suspend")],
            "again": ["cmi.suspend_data", "cmi.location", "cmi.entry", "cmi.total_time", "cmi.learner_name", "cmi.learner_id"],
        },
        "too much": {"edition": "2004", "said": [("cmi.suspend_data", "x" * 5_000_000)], "again": ["cmi.suspend_data"]},
    }  # fmt: skip
    lines = "".join(f"{json.dumps(case)}\n" for case in cases.values())
    # Bundled as for a browser: node alone does not find the runtime's names in npm's package.
    script = tmp_path_factory.mktemp("scorm") / "outcomes.mjs"
    base = settings.BASE_DIR
    subprocess.run(
        [
            base / "node_modules/.bin/esbuild",
            base / "tests/media/scorm_outcomes.mjs",
            "--bundle",
            "--platform=node",
            "--format=esm",
            "--log-level=error",
            f"--outfile={script}",
        ],
        check=True,
        cwd=base,
    )
    run = subprocess.run(["node", script], input=lines, capture_output=True, text=True, check=True)
    return dict(zip(cases, map(json.loads, run.stdout.splitlines()), strict=True))


@pytest.mark.parametrize("name", OUTCOMES)
def test_what_comes_of_a_part(told, name):
    *_said, status, score = OUTCOMES[name]
    assert (told[name]["status"], told[name]["score"]) == (status, score)


@pytest.mark.parametrize("name", WHOLES)
def test_what_comes_of_the_whole(told, name):
    assert told[name] == WHOLES[name][1]


def test_answers_are_told_as_later_standards_write_them(told):
    assert told["questions"]["questions"] == [
        {
            "id": "q1",
            "type": "matching",
            "words": "",
            "response": "1[.]a[,]2[.]b",
            "rights": ["1[.]b[,]2[.]a"],
            "right": False,
        },
        {"id": "q2", "type": "true-false", "words": "", "response": "true", "rights": [], "right": None},
    ]


def test_the_next_time_goes_on_and_knows_nobody_s_name(told):
    assert told["again 1.2"] == ["x", "7", "resume", "00:01:30", "Deelnemer", "deelnemer"]
    assert told["again 2004"] == ["x", "7", "resume", "PT1M30S", "Deelnemer", "deelnemer"]


def test_more_than_the_standard_lets_a_package_keep_is_refused_to_it(told):
    assert told["too much"] == [""]
