"""Every kind of activity: what an author may write, what counts as an answer, how it is graded and told."""

import json
from collections import Counter
from itertools import permutations
from types import SimpleNamespace

import pytest
from django.http import QueryDict
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.activities import KINDS, Choice, Feedback, ResponseError, Result, SpecificationError, kind_of
from courses.activities.contract import TEXT_LIMIT, letter, shuffled, value_of, values_of
from tests.courses.activity_samples import FIELDS, GRADED, SOUND, posted, responses
from tests.factories import right_answer, wrong_answer

SPECS = {name: kind_of(name).specification(fields) for name, fields in FIELDS.items()}
every_kind = pytest.mark.parametrize("name", list(KINDS))
every_graded_kind = pytest.mark.parametrize("name", GRADED)


def version(name, spec):
    return SimpleNamespace(specification=spec, activity=SimpleNamespace(kind=name))


def graded(name, spec, data):
    kind = kind_of(name)
    return kind.grade(spec, kind.clean(spec, data))


def test_the_kinds_are_these_and_each_says_what_it_is():
    assert sorted(KINDS) == sorted(FIELDS)
    assert {name for name, kind in KINDS.items() if kind.GRADED} == set(GRADED)
    assert {name for name, kind in KINDS.items() if kind.PRIVATE} == {"reflection", "worksheet", "survey"}
    assert all(name == kind.KIND and kind.MINUTES > 0 for name, kind in KINDS.items())


def test_a_kind_that_does_not_exist_is_an_error():
    with pytest.raises(KeyError):
        kind_of("dance")


# --- specifications -------------------------------------------------------------------------------------------------
def without(fields, *names):
    return {name: value for name, value in fields.items() if name not in names}


UNSOUND = [
    ("read", {"statement": " "}),
    ("reflection", {"hint": "x"}),
    ("single_choice", {**FIELDS["single_choice"], "question": ""}),
    ("single_choice", {**FIELDS["single_choice"], "options": []}),
    ("single_choice", {**FIELDS["single_choice"], "options": FIELDS["single_choice"]["options"][1:2]}),
    ("single_choice", FIELDS["multiple_choice"]),  # two right ones
    (
        "single_choice",
        {"question": "Q", "options": [{"id": "a", "text": "", "feedback": "x", "right": True}] * 2},
    ),
    (
        "single_choice",
        {"question": "Q", "options": [{"id": "a", "text": "x", "feedback": " ", "right": True}] * 2},
    ),
    ("single_choice", {"question": "Q", "options": [{**FIELDS["single_choice"]["options"][0]}] * 2}),
    (
        "multiple_choice",
        {
            "question": "Q",
            "options": [{**option, "right": False} for option in FIELDS["single_choice"]["options"]],
        },
    ),
    ("true_false", without(FIELDS["true_false"], "feedback_true")),
    ("true_false", without(FIELDS["true_false"], "statement")),
    ("order", {**FIELDS["order"], "items": FIELDS["order"]["items"][:1]}),
    ("order", {**FIELDS["order"], "items": [{"id": "1", "text": "a"}, {"id": "1", "text": "b"}]}),
    ("order", {**FIELDS["order"], "items": [{"id": "1", "text": "a"}, {"id": "2", "text": " "}]}),
    ("order", without(FIELDS["order"], "feedback_wrong")),
    ("match", {**FIELDS["match"], "pairs": FIELDS["match"]["pairs"][:1]}),
    (
        "match",
        {**FIELDS["match"], "pairs": [{"id": "1", "left": "a", "right": "x"}, {"id": "2", "left": "b"}]},
    ),
    ("match", {**FIELDS["match"], "pairs": [{"id": n, "left": n, "right": "x"} for n in "12"]}),
    ("match", {**FIELDS["match"], "pairs": [{"id": "1", "left": n, "right": n} for n in "ab"]}),
    ("sort", {**FIELDS["sort"], "items": FIELDS["sort"]["items"][:2]}),
    ("sort", {**FIELDS["sort"], "items": [{**item, "group": "Een"} for item in FIELDS["sort"]["items"]]}),
    ("sort", {**FIELDS["sort"], "items": [{**item, "id": "1"} for item in FIELDS["sort"]["items"]]}),
    ("sort", {**FIELDS["sort"], "items": [{**item, "text": " "} for item in FIELDS["sort"]["items"]]}),
    (
        "sort",
        {**FIELDS["sort"], "items": [{"id": n, "text": n, "group": n} for n in "abcdef"]},
    ),
    ("fill", {**FIELDS["fill"], "text": "Geen enkel gat."}),
    ("fill", {**FIELDS["fill"], "text": "Een [[gat dat open blijft."}),
    ("fill", {**FIELDS["fill"], "text": "Een [[ | ]] leeg gat."}),
    ("fill", {**FIELDS["fill"], "text": " ".join(f"[[{n}]]" for n in "abcdefghi")}),
    ("fill", {**FIELDS["fill"], "text": f"Een [[{'a' * 81}]] gat."}),
    ("label", {**FIELDS["label"], "labels": ["reflectie"]}),
    ("label", {**FIELDS["label"], "labels": ["reflectie", "iets anders"]}),
    ("label", {**FIELDS["label"], "lines": FIELDS["label"]["lines"][:4]}),
    ("label", {**FIELDS["label"], "lines": [{**line, "why": ""} for line in FIELDS["label"]["lines"]]}),
    ("label", {**FIELDS["label"], "lines": [{**line, "id": "1"} for line in FIELDS["label"]["lines"]]}),
    ("worksheet", {**FIELDS["worksheet"], "fields": FIELDS["worksheet"]["fields"][:1]}),
    ("worksheet", {**FIELDS["worksheet"], "fields": FIELDS["worksheet"]["fields"][:1] * 2}),
    ("worksheet", {**FIELDS["worksheet"], "fields": [{"id": "1", "text": ""}] * 2}),
    ("h5p", {**FIELDS["h5p"], "package": None}),
    ("h5p", {**FIELDS["h5p"], "pass_percent": None}),
    ("h5p", {**FIELDS["h5p"], "pass_percent": 101}),
    ("h5p", {**FIELDS["h5p"], "counts": "never"}),
    ("h5p", {**FIELDS["h5p"], "alternative": " "}),
    ("h5p", without(FIELDS["h5p"], "question")),
    ("survey", {**FIELDS["survey"], "items": []}),
    ("survey", {**FIELDS["survey"], "items": FIELDS["survey"]["items"][:1] * 2}),
    ("survey", {**FIELDS["survey"], "items": [{**FIELDS["survey"]["items"][0], "construct": "Ik zelf"}]}),
    ("survey", {**FIELDS["survey"], "moment": "T9"}),
    ("survey", {**FIELDS["survey"], "maximum": 0}),
    ("survey", {**FIELDS["survey"], "minimum": None}),
    ("open", {**FIELDS["open"], "checks": []}),
    ("open", {**FIELDS["open"], "checks": FIELDS["open"]["checks"] * 3}),
    ("open", {**FIELDS["open"], "checks": [{"id": "1", "text": ""}]}),
    ("open", {**FIELDS["open"], "model": ""}),
    ("scale", {**FIELDS["scale"], "maximum": 0}),
    ("scale", {**FIELDS["scale"], "maximum": 21}),
    ("scale", {**FIELDS["scale"], "minimum": None}),
    ("scale", {**FIELDS["scale"], "minimum": "veel"}),
    ("scale", {**FIELDS["scale"], "bands": []}),
    ("scale", {**FIELDS["scale"], "bands": FIELDS["scale"]["bands"][:1]}),
    (
        "scale",
        {**FIELDS["scale"], "bands": [*FIELDS["scale"]["bands"], {"first": 3, "last": 4, "feedback": "x"}]},
    ),
    ("scale", {**FIELDS["scale"], "bands": [{"first": 0, "last": 10**9, "feedback": "x"}]}),
    ("scale", {**FIELDS["scale"], "bands": [{"first": 0, "last": 10, "feedback": ""}]}),
    ("scale", without(FIELDS["scale"], "high_label")),
]


@pytest.mark.parametrize(("name", "fields"), UNSOUND)
def test_what_makes_no_activity_is_refused_with_a_sentence(name, fields):
    with pytest.raises(SpecificationError) as refused:
        kind_of(name).specification(fields)
    assert [str(message).endswith((".", "feedback", "question")) for message in refused.value.messages] == [
        True
    ]


@every_kind
def test_a_specification_is_json_with_scores_and_the_same_every_time(name):
    spec = kind_of(name).specification(FIELDS[name])
    assert json.loads(json.dumps(spec)) == spec == SPECS[name]
    assert 0 <= spec["pass_score"] <= spec["max_score"]
    # What a package reports is kept of a hundred, and not graded here.
    assert (spec["max_score"] > 0) == (name in [*GRADED, "h5p"])


def test_option_keys_say_nothing_about_being_right_and_stay_when_words_change():
    spec = SPECS["single_choice"]
    changed = kind_of("single_choice").specification(
        {
            "question": "Anders?",
            "options": [
                {**option, "text": "Anders", "right": True}
                for option in FIELDS["single_choice"]["options"][:1]
            ]
            + [{**option, "right": False} for option in FIELDS["single_choice"]["options"][1:]],
        }
    )
    assert [option["key"] for option in spec["options"]] == [option["key"] for option in changed["options"]]


# --- answers --------------------------------------------------------------------------------------------------------
NO_ANSWER = [
    ("single_choice", {}),
    ("single_choice", {"choice": "geen-sleutel"}),
    ("multiple_choice", {}),
    ("multiple_choice", {"choice": [SPECS["multiple_choice"]["options"][0]["key"], "vreemd"]}),
    ("true_false", {"choice": "misschien"}),
    ("order", {}),
    ("order", {f"place-{item['key']}": "1" for item in SPECS["order"]["items"]}),
    ("order", {f"place-{item['key']}": str(place) for place, item in enumerate(SPECS["order"]["items"])}),
    ("match", {}),
    ("match", {f"match-{pair['key']}": "r9" for pair in SPECS["match"]["pairs"]}),
    ("scale", {}),
    *[
        ("scale", {"value": value})
        for value in ("11", "-1", "1e1", "٣", "nan", "9" * 5000, "--1", "+1", "1.0", "")
    ],
    ("sort", {}),
    ("sort", {f"sort-{item['key']}": "g9" for item in SPECS["sort"]["items"]}),
    ("fill", {"gap-1": "hoe"}),
    ("fill", {"gap-1": "hoe", "gap-2": "a" * 81}),
    ("label", {}),
    ("label", {f"label-{line['key']}": "l9" for line in SPECS["label"]["lines"]}),
    ("open", {"text": " "}),
    ("open", {"text": "U bent boos.", "seen": ["vreemd"]}),
    ("open", {"text": "a" * (TEXT_LIMIT + 1)}),
    ("survey", {}),
    ("survey", {"survey-zelfinzicht": "11"}),
    ("survey", {"survey-zelfinzicht": "veel"}),
    ("survey", {"survey-verwachting": "a" * 2001}),
    ("worksheet", {}),
    ("worksheet", {f"write-{SPECS['worksheet']['fields'][0]['key']}": "a" * 2001}),
    ("reflection", {}),
    ("reflection", {"text": " \n\x00 "}),
    ("reflection", {"text": "a" * (TEXT_LIMIT + 1)}),
]


@pytest.mark.parametrize(("name", "data"), NO_ANSWER)
def test_what_is_no_answer_is_refused_with_a_sentence_for_the_learner(name, data):
    with pytest.raises(ResponseError) as refused:
        kind_of(name).clean(SPECS[name], data)
    assert str(refused.value).endswith(".")


def test_who_answers_nothing_of_a_survey_is_told_what_holds_where_it_counts_too():
    with pytest.raises(ResponseError) as refused:
        kind_of("survey").clean(SPECS["survey"], {})
    with override("nl"):
        assert str(refused.value) == "Beantwoord minstens één vraag. De andere mag je overslaan."


@every_graded_kind
def test_the_right_answer_passes_and_a_wrong_one_does_not(name):
    spec = SPECS[name]
    assert graded(name, spec, right_answer(version(name, spec))).passed is True
    assert graded(name, spec, wrong_answer(version(name, spec))).passed is False


def test_feedback_belongs_to_what_was_chosen():
    spec = SPECS["single_choice"]
    key = spec["options"][0]["key"]
    assert graded("single_choice", spec, {"choice": key}) == Result(
        0, 1, False, Feedback(by_option={key: "Dat doet een ander."})
    )
    true_false = SPECS["true_false"]
    assert graded("true_false", true_false, {"choice": "true"}).feedback == Feedback(
        by_option={"true": "Die plicht is van beroepskrachten."}
    )
    order = SPECS["order"]
    assert graded("order", order, wrong_answer(version("order", order))).feedback.overall == "Kijk nog eens."
    assert graded("scale", SPECS["scale"], {"value": "5"}) == Result(0, 0, True, Feedback(overall="Fijn."))


def test_several_choices_earn_a_point_for_every_option_treated_rightly():
    spec = SPECS["multiple_choice"]
    wrong, right, other = [option["key"] for option in spec["options"]]
    scores = {
        keys: graded("multiple_choice", spec, {"choice": list(keys)}).score
        for keys in [(right, other), (right,), (wrong,), (wrong, right, other)]
    }
    assert scores == {(right, other): 3, (right,): 2, (wrong,): 0, (wrong, right, other): 2}


def test_a_number_may_be_below_zero_where_the_ruler_is():
    spec = kind_of("scale").specification(
        {
            **FIELDS["scale"],
            "minimum": -2,
            "maximum": 2,
            "bands": [{"first": -2, "last": 2, "feedback": "Zo."}],
        }
    )
    assert kind_of("scale").clean(spec, {"value": "-2"}) == {"value": -2}


def test_a_text_is_kept_as_written_but_for_what_no_database_keeps():
    clean = kind_of("reflection").clean
    assert clean(SPECS["reflection"], {"text": "  Eén\r\ntwee\rdrie\x00 \ud800 "}) == {
        "text": "Eén\ntwee\ndrie"
    }
    assert clean(SPECS["reflection"], {"text": "a" * TEXT_LIMIT}) == {"text": "a" * TEXT_LIMIT}


READABLE = {
    "read": ({}, "Ik heb dit gelezen"),
    "single_choice": ({"choice": SPECS["single_choice"]["options"][1]["key"]}, "B: Ernaast staan"),
    "multiple_choice": (
        {"choice": [option["key"] for option in SPECS["multiple_choice"]["options"][1:]]},
        "B: Ernaast staan; C: Luisteren",
    ),
    "order": (right_answer(version("order", SPECS["order"])), "1. Zien; 2. Overleggen; 3. Praten"),
    "match": (
        right_answer(version("match", SPECS["match"])),
        "Gevaar → 112; Advies → 0800-2000; Brand → 112",
    ),
    "scale": ({"value": "7"}, "7 (0 = niet, 10 = helemaal)"),
    "sort": (
        right_answer(version("sort", SPECS["sort"])),
        "Mijn adres → Bewaren; Hoe ik weer ging sporten → Delen; De naam van mijn zus → Bewaren",
    ),
    "fill": (
        right_answer(version("fill", SPECS["fill"])),
        "Een open vraag begint met [hoe]. Daarna wacht je, en je [luistert].",
    ),
    "label": (
        right_answer(version("label", SPECS["label"])),
        (
            "Mirjam: U wilt rust. → reflectie; Mirjam: Hoe slaapt u? → open vraag; "
            "Mirjam: U bent moe. → reflectie; Mirjam: Wat helpt u? → open vraag"
        ),
    ),
    "open": ({"text": "U bent moe."}, "U bent moe."),
    "reflection": ({"text": "Aan de vogels."}, ""),
}


@pytest.mark.parametrize("name", READABLE)
def test_an_answer_is_told_in_words_and_a_private_one_never(name):
    data, words = READABLE[name]
    kind = kind_of(name)
    assert kind.readable(SPECS[name], kind.clean(SPECS[name], data)) == words


def test_true_and_not_true_are_told_in_words():
    kind = kind_of("true_false")
    told = {key: kind.readable(SPECS["true_false"], {"choice": key}) for key in ("true", "false")}
    assert len(set(told.values())) == 2
    assert "" not in told.values()


# --- forms ----------------------------------------------------------------------------------------------------------
KEYS_OF_ANSWERS = {"right", "feedback", "pass_score", "feedback_right", "feedback_wrong", "feedback_true"}


@every_kind
def test_a_blank_form_holds_no_answer_key(name):
    form = kind_of(name).form(SPECS[name], None)
    for choice in form.get("choices", []):
        assert isinstance(choice, Choice)
        assert (choice.chosen, choice.feedback, choice.right, choice.value) == (False, "", None, "")
    plain = {name: value for name, value in form.items() if name != "choices"}
    assert KEYS_OF_ANSWERS & set(plain) == set()
    words = json.dumps(plain, default=str)
    author = FIELDS[name]
    secret = [
        author.get(key) for key in ("feedback_right", "feedback_wrong", "feedback_true", "feedback_false")
    ]
    secret += [each["feedback"] for key in ("options", "bands") for each in author.get(key, [])]
    assert [text for text in secret if text and text in words] == []


def test_steps_and_pairs_are_not_shown_in_the_right_order():
    order = [choice.key for choice in kind_of("order").form(SPECS["order"], None)["choices"]]
    assert order != [item["key"] for item in SPECS["order"]["items"]]
    match = kind_of("match").form(SPECS["match"], None)
    assert [choice.key for choice in match["choices"]] != [pair["key"] for pair in SPECS["match"]["pairs"]]


def test_only_what_was_chosen_shows_feedback_and_whether_it_is_right():
    spec = SPECS["single_choice"]
    first, second, third = kind_of("single_choice").form(spec, {"choice": spec["options"][0]["key"]})[
        "choices"
    ]
    assert (first.chosen, first.feedback, first.right) == (True, "Dat doet een ander.", False)
    assert (second.feedback, second.right, third.right) == ("", None, None)


def test_how_many_right_ones_were_missed_is_said_only_after_answering():
    spec, kind = SPECS["multiple_choice"], kind_of("multiple_choice")
    assert kind.form(spec, None)["missed"] == 0
    assert kind.form(spec, {"choices": [spec["options"][1]["key"]]})["missed"] == 1


def test_an_open_question_shows_its_example_only_after_the_learners_own_words():
    spec, kind = SPECS["open"], kind_of("open")
    assert FIELDS["open"]["model"] not in json.dumps(kind.form(spec, None))
    shown = kind.form(spec, kind.clean(spec, {"text": "U bent moe.", "seen": [spec["checks"][1]["key"]]}))
    assert (shown["text"], shown["model"]) == ("U bent moe.", FIELDS["open"]["model"])
    assert [check["seen"] for check in shown["checks"]] == [False, True]


def test_a_gap_takes_any_of_its_answers_however_it_is_typed():
    spec, kind = SPECS["fill"], kind_of("fill")
    for first, second in [("Hoe", "luistert."), (" WAT ", "Luístert")]:
        assert graded("fill", spec, {"gap-1": first, "gap-2": second}).passed is True
    half = kind.form(spec, kind.clean(spec, {"gap-1": "waarom", "gap-2": "luistert"}))
    assert [(piece["value"], piece["right"]) for piece in half["pieces"]] == [
        ("waarom", False),
        ("luistert", True),
    ]
    assert graded("fill", spec, {"gap-1": "waarom", "gap-2": "luistert"}).score == 1


def test_a_labelled_line_is_explained_only_where_the_learner_saw_something_else():
    spec, kind = SPECS["label"], kind_of("label")
    data = right_answer(version("label", spec))
    differs = spec["lines"][2]["key"]
    reflection = spec["labels"][1]["key"]
    response = kind.clean(spec, {**data, f"label-{differs}": reflection})
    assert kind.grade(spec, response).passed is True
    assert "3" in kind.grade(spec, response).feedback.overall
    read, first, second, *_rest = kind.form(spec, response)["lines"]
    assert (read.key, read.agrees) == ("", None)
    assert (first.agrees, first.expected, first.why) == (True, "", "")
    assert (second.agrees, second.expected, second.why) == (False, "open vraag", "Hoe opent.")


def test_a_worksheet_is_read_back_with_its_questions_and_survives_a_lost_key():
    spec, kind = SPECS["worksheet"], kind_of("worksheet")
    first, second = (field["key"] for field in spec["fields"])
    kept = kind.clean(spec, {f"write-{first}": "Mijn zus\r\nof Noor", f"write-{second}": ""})
    assert kind.written(spec, kept["text"]) == "Wie bel ik?\nMijn zus\nof Noor"
    assert [field["value"] for field in kind.form(spec, kept)["fields"]] == ["Mijn zus\nof Noor", ""]
    assert (kind.written(spec, ""), kind.form(spec, {"text": ""})) == ("", kind.form(spec, None))


REFILLED = [
    ("match", {f"match-{pair['key']}": "r1" for pair in SPECS["match"]["pairs"][1:]}),
    ("order", {f"place-{item['key']}": "1" for item in SPECS["order"]["items"]}),
    ("sort", {f"sort-{item['key']}": "g2" for item in SPECS["sort"]["items"][1:]}),
    ("fill", {"gap-1": "", "gap-2": "luistert"}),
    ("label", {f"label-{line['key']}": "l2" for line in SPECS["label"]["lines"][2:]}),
    ("open", {"text": "a" * (TEXT_LIMIT + 1)}),
    ("survey", {"survey-zelfinzicht": "4", "survey-verwachting": "a" * 2001}),
    ("worksheet", {f"write-{field['key']}": "a" * 2001 for field in SPECS["worksheet"]["fields"]}),
    ("reflection", {"text": "a" * (TEXT_LIMIT + 1)}),
]


@pytest.mark.parametrize(("name", "data"), REFILLED)
def test_a_refused_form_comes_back_as_it_was_filled_in(name, data):
    kind = kind_of(name)
    with pytest.raises(ResponseError):
        kind.clean(SPECS[name], data)
    blank = kind.form(SPECS[name], None)
    again = kind.refill(blank, data)
    assert again.keys() == blank.keys()
    shown = json.dumps(again, default=str)
    assert all(value in shown for value in data.values())
    assert again != blank


# --- translations ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["single_choice", "multiple_choice"])
def test_a_translation_changes_words_and_never_what_is_right(name):
    kind = kind_of(name)
    turned = [
        {**option, "text": f"en {option['text']}", "feedback": "en", "right": not option["right"]}
        for option in FIELDS[name]["options"]
    ]
    words = {
        "question": "What fits?",
        "options": [
            {"key": spec["key"], **{field: option[field] for field in ("text", "feedback", "right")}}
            for spec, option in zip(SPECS[name]["options"], turned, strict=True)
        ],
    }
    got = kind.translated(SPECS[name], words)
    assert got["question"] == "What fits?"
    assert [option["text"] for option in got["options"]] == [option["text"] for option in turned]
    assert [option["right"] for option in got["options"]] == [
        option["right"] for option in SPECS[name]["options"]
    ]
    assert (got["max_score"], got["pass_score"]) == (SPECS[name]["max_score"], SPECS[name]["pass_score"])


def test_an_option_without_translation_keeps_its_own_words():
    words = {"question": "Q", "options": [{**SPECS["single_choice"]["options"][0], "text": "One"}]}
    got = kind_of("single_choice").translated(SPECS["single_choice"], words)
    assert [option["text"] for option in got["options"]] == ["One", "Ernaast staan", "Luisteren"]


def test_the_other_kinds_keep_their_keys_in_translation():
    order = kind_of("order").specification(
        {**FIELDS["order"], "items": [{"id": number, "text": f"Step {number}"} for number in "321"]}
    )
    got = kind_of("order").translated(SPECS["order"], order)
    assert [item["text"] for item in got["items"]] == ["Step 1", "Step 2", "Step 3"]
    assert got["shown"] == SPECS["order"]["shown"]
    match = kind_of("match").specification(
        {
            **FIELDS["match"],
            "pairs": [
                {"id": "3", "left": "Fire", "right": "Call 112"},
                {"id": "2", "left": "Advice", "right": "Call 0800"},
                {"id": "1", "left": "Danger", "right": "Call 112"},
            ],
        }
    )
    got = kind_of("match").translated(SPECS["match"], match)
    assert graded("match", got, right_answer(version("match", SPECS["match"]))).passed is True
    kind = kind_of("match")
    assert kind.readable(got, kind.clean(got, right_answer(version("match", got)))) == (
        "Danger → Call 112; Advice → Call 0800; Fire → Call 112"
    )
    turned = kind_of("true_false").specification({**FIELDS["true_false"], "right": "true", "statement": "S"})
    assert kind_of("true_false").translated(SPECS["true_false"], turned)["right"] == "false"
    scale = {
        **SPECS["scale"],
        "minimum": 5,
        "question": "How?",
        "bands": [{"first": 5, "last": 10, "feedback": "Nice."}],
    }
    got = kind_of("scale").translated(SPECS["scale"], scale)
    assert (got["minimum"], got["question"]) == (0, "How?")
    assert [band["feedback"] for band in got["bands"]] == ["Rustig aan.", "Nice."]
    assert kind_of("read").translated(SPECS["read"], {"statement": "Read"})["statement"] == "Read"
    assert kind_of("reflection").translated(SPECS["reflection"], {"question": "Q", "hint": ""})["hint"] == ""


# --- properties -----------------------------------------------------------------------------------------------------
@st.composite
def specified(draw, name):
    return kind_of(name).specification(draw(SOUND[name]))


@every_graded_kind
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_the_right_answer_always_passes_and_no_other_does(name, data):
    spec = data.draw(specified(name))
    kind = kind_of(name)
    right = kind.clean(spec, right_answer(version(name, spec)))
    assert kind.grade(spec, right).passed is True
    given_one = kind.clean(spec, data.draw(responses(name, spec)))
    assert kind.grade(spec, given_one).passed is (given_one == right)


@every_kind
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_grading_is_pure_and_in_range_and_forms_round_trip(name, data):
    spec = data.draw(specified(name))
    kind = kind_of(name)
    response = kind.clean(spec, data.draw(responses(name, spec)))
    assert json.loads(json.dumps(response)) == response
    before = json.dumps([spec, response])
    result = kind.grade(spec, response)
    assert kind.grade(spec, response) == result
    assert 0 <= result.score <= result.max_score == spec["max_score"]
    assert isinstance(kind.readable(spec, response), str)
    shown = kind.form(spec, response)
    assert kind.clean(spec, posted(name, spec, response)) == response
    assert json.dumps([spec, response]) == before
    # What the form shows as chosen is what was answered.
    if name in {"single_choice", "true_false"}:
        assert [choice.key for choice in shown["choices"] if choice.chosen] == [response["choice"]]
    elif name == "multiple_choice":
        assert [choice.key for choice in shown["choices"] if choice.chosen] == response["choices"]
    elif name in {"order", "match", "sort"}:
        fields = {"order": "place", "match": "match", "sort": "sort"}[name]
        assert (
            kind.clean(spec, {f"{fields}-{choice.key}": choice.value for choice in shown["choices"]})
            == response
        )


JUNK = st.one_of(
    st.text(max_size=20),
    st.integers(),
    st.floats(),
    st.none(),
    st.lists(st.one_of(st.text(max_size=5), st.integers(), st.lists(st.none())), max_size=4),
    st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2),
    st.just("9" * 5000),
    st.just("\x00"),
    st.just("\ud800"),
)


@every_kind
@given(data=st.data())
@settings(max_examples=80, deadline=None)
def test_whatever_is_sent_it_is_an_answer_or_refused(name, data):
    spec = SPECS[name]
    names = ["choice", "value", "text", *[f"place-{item['key']}" for item in SPECS["order"]["items"]]]
    names += [f"match-{pair['key']}" for pair in SPECS["match"]["pairs"]]
    sent = data.draw(st.dictionaries(st.sampled_from(names), JUNK, max_size=len(names)))
    kind = kind_of(name)
    try:
        response = kind.clean(spec, sent)
    except ResponseError:
        return
    result = kind.grade(spec, response)
    assert 0 <= result.score <= result.max_score
    kind.readable(spec, response)
    kind.form(spec, response)
    json.dumps(response).encode()


@given(st.lists(st.text(max_size=6), min_size=2, max_size=12, unique=True), st.text(max_size=5))
def test_a_shuffle_is_never_the_given_order_and_always_the_same(keys, seed):
    mixed = shuffled(keys, seed=seed)
    assert sorted(mixed) == sorted(keys)
    assert mixed != keys
    assert shuffled(keys, seed=seed) == mixed


@given(st.lists(st.text(max_size=6), min_size=3, max_size=4, unique=True))
def test_a_shuffle_tells_nothing_about_the_given_order(keys):
    """However the author's keys lie, they come out alike; where that would be the given order, moved on by one."""
    given_orders = list(permutations(keys))
    shown = Counter(tuple(shuffled(order, seed="order")) for order in given_orders)
    ((most, times), (moved, once)) = shown.most_common()
    assert (times, once) == (len(given_orders) - 1, 1)
    assert moved == (*most[1:], most[0])


def test_one_key_alone_stays_where_it_is():
    assert shuffled(["a"], seed="x") == ["a"]
    assert shuffled([], seed="x") == []


def test_options_are_counted_in_letters_and_then_in_numbers():
    assert [letter(index) for index in (0, 25, 26)] == ["A", "Z", "27"]


def test_values_are_read_from_a_form_and_from_a_mapping_alike():
    form = QueryDict("choice=a&choice=b")
    assert (values_of(form, "choice"), value_of(form, "choice")) == (["a", "b"], "b")
    assert (values_of({"choice": ["a", "b"]}, "choice"), value_of({"choice": "a"}, "choice")) == (
        ["a", "b"],
        "a",
    )
    assert (values_of({}, "choice"), value_of({}, "choice")) == ([], "")
