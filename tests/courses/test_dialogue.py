"""Practised conversations: what an author may write, the way through, the client's state, and what is told at the end."""

import json
import time
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.activities import ResponseError, SpecificationError, dialogue
from courses.activities.contract import option_key
from courses.activities.dialogue import LONGEST
from courses.activities.dialogue_graph import MEASURES, NoWay, distances, moved, turned, walk, words_of
from courses.activities.miti import Measured, measure
from tests.courses.activity_samples import paths
from tests.courses.talks import kemal, long_talk, scene, sentence, talk, variant

SPEC = dialogue.specification(kemal())
KEYS = {choice["text"]: choice["key"] for scene in SPEC["scenes"] for choice in scene["choices"]}
TO_THE_END = [KEYS["U koos hier niet voor."], KEYS["U mist haar."]]


def on_the_way(*texts):
    return {"path": [KEYS[text] for text in texts]}


def refused(fields):
    """What the author is told, in English."""
    with pytest.raises(SpecificationError) as error:
        dialogue.specification(fields)
    return [str(message) for message in error.value.messages]


@pytest.fixture(autouse=True)
def _english():
    from django.utils import translation

    with translation.override("en"):
        yield


# --- what an author writes ------------------------------------------------------------------------------------------
def test_a_conversation_is_kept_as_scenes_with_keys_from_the_authors_ids():
    first = SPEC["scenes"][0]
    assert (SPEC["client"], SPEC["start"]) == ("Kemal", {"trust": 3, "shame": 6, "change": 2})
    assert [each["text"] for each in first["choices"]] == ["U koos hier niet voor.", "Wat gebeurde er?"]
    assert first["choices"][0]["moves"] == {"trust": 2}
    assert first["choices"][0]["to"] == SPEC["scenes"][1]["key"]
    assert SPEC["scenes"][1]["says"] == [
        {"when": [["trust", ">=", 5]], "text": "‘Oké. Jij wel.’"},
        {"when": [], "text": "‘Zeg het maar.’"},
    ]
    assert json.loads(json.dumps(SPEC)) == SPEC


def test_keys_stay_when_words_and_names_change():
    fields = kemal()
    for each in fields["scenes"]:
        each["name"] = f"{each['name']} anders"
        for choice in each["choices"]:
            choice["text"], choice["to"] = "Anders", f"{choice['to']} anders"
    changed = dialogue.specification(fields)
    assert [each["key"] for each in changed["scenes"]] == [each["key"] for each in SPEC["scenes"]]
    assert [choice["key"] for each in changed["scenes"] for choice in each["choices"]] == list(KEYS.values())


def test_a_scene_is_found_whatever_the_capitals_and_spaces():
    fields = talk(
        scene("Het  begin", sentence("a", "EINDE "), sentence("b", "einde")), scene("Einde", end=".")
    )
    assert dialogue.specification(fields)["scenes"][0]["choices"][0]["to"] == option_key("Einde")


def two(*, first=None, last=None, **more):
    """Two scenes, sound but for what is given."""
    start = {**scene("begin", sentence("a", "einde"), sentence("b", "einde")), **(first or {})}
    return talk(start, {**scene("einde", end="Klaar."), **(last or {})}, **more)


def with_choice(**more):
    return two(first={"choices": [sentence("a", "einde"), {**sentence("b", "einde"), **more}]})


def with_says(*variants):
    return two(first={"variants": list(variants)})


UNSOUND = {
    "no scenes": (talk(), ["Write at least one scene, and a scene in which the talk ends."]),
    "no question": (two(question=" "), ["Write a text here: question."]),
    "no client": (two(client=""), ["Write a text here: client."]),
    "state over 10": (two(shame=11), ["At the beginning, shame has to be a number from 0 to 10."]),
    "state under 0": (two(trust=-1), ["At the beginning, trust has to be a number from 0 to 10."]),
    "no state": (two(change=None), ["At the beginning, change talk has to be a number from 0 to 10."]),
    "no name": (two(last={"name": ""}), None),
    "dead end": (
        two(last={"end": ""}),
        [
            "Scene “einde” is a dead end: give it sentences to choose from, or closing words if the talk ends here."
        ],
    ),
    "choices and closing words": (
        two(first={"end": "Klaar."}),
        ["Scene “begin” has closing words and sentences to choose from. Keep one of the two."],
    ),
    "one choice": (
        two(first={"choices": [sentence("a", "einde")]}),
        ["Scene “begin” has to offer two to four sentences; it has 1."],
    ),
    "five choices": (
        two(first={"choices": [sentence(letter, "einde") for letter in "abcde"]}),
        ["Scene “begin” has to offer two to four sentences; it has 5."],
    ),
    "says nothing": (
        two(first={"says": ""}),
        ["Scene “begin” does not say what the client says when nothing special holds."],
    ),
    "other words without a condition": (
        with_says(variant("Anders.")),
        ["In scene “begin” other words of the client have no condition."],
    ),
    "no other words": (
        with_says(variant("", ("trust", ">", 4))),
        ["In scene “begin” other words of the client are empty."],
    ),
    "the same words": (
        with_says(variant("kemal bij begin.", ("trust", ">", 4))),
        ["In scene “begin” the client says the same under two conditions. Let the words differ."],
    ),
    "condition out of range": (
        with_says(variant("Anders.", ("trust", ">", 11))),
        ["In scene “begin” a condition is not complete: choose what it is about and a number from 0 to 10."],
    ),
    "condition on nothing": (
        with_says(variant("Anders.", ("mood", ">", 1))),
        ["In scene “begin” a condition is not complete: choose what it is about and a number from 0 to 10."],
    ),
    "condition that never holds": (
        with_says(variant("Anders.", ("shame", "<", 0))),
        ["In scene “begin” a condition can never hold: shame goes from 0 to 10."],
    ),
    "no words": (with_choice(text=" "), ["In scene “begin” sentence 1-2 has no words."]),
    "no feedback": (with_choice(feedback=""), ["In scene “begin” the sentence “b” has no feedback."]),
    "no target": (
        with_choice(to="nergens"),
        ["In scene “begin” the sentence “b” leads to “nergens”, and there is no such scene."],
    ),
    "no code": (
        with_choice(codes=[]),
        [
            "In scene “begin” the sentence “b” does not say what kind of sentence it is. Choose “none of these” if it is none."
        ],
    ),
    "unknown code": (
        with_choice(codes=["joke"]),
        ["In scene “begin” the sentence “b” has a kind that does not exist."],
    ),
    "none and something": (
        with_choice(codes=["none", "question"]),
        ["In scene “begin” the sentence “b” is “none of these” and something else too."],
    ),
    "move over 3": (
        with_choice(trust=4),
        [
            "In scene “begin” the sentence “b” moves the client by more than 3. Use whole numbers from -3 to 3."
        ],
    ),
    "move that is no number": (
        with_choice(shame="veel"),
        [
            "In scene “begin” the sentence “b” moves the client by more than 3. Use whole numbers from -3 to 3."
        ],
    ),
    "no end": (
        talk(scene("a", sentence("x", "a"), sentence("y", "a"))),
        ["No scene ends the talk. Write one without sentences to choose from, with closing words."],
    ),
    "unreachable": (
        talk(*two()["scenes"], scene("los", end="Zo.")),
        ["No sentence leads here, so nobody will see it: “los”."],
    ),
    "a cycle without an exit": (
        talk(
            scene("begin", sentence("a", "einde"), sentence("b", "rond")),
            scene("rond", sentence("c", "rond"), sentence("d", "ook")),
            scene("ook", sentence("e", "rond"), sentence("f", "ook")),
            scene("einde", end="Klaar."),
        ),
        ["From here the talk can never end; let a sentence lead out of it: “rond”, “ook”."],
    ),
    "one identity twice": (
        with_choice(id="a"),
        ["Two parts of this conversation share one identity. Delete one and write it anew."],
    ),
}


@pytest.mark.parametrize(("fields", "messages"), UNSOUND.values(), ids=UNSOUND)
def test_what_makes_no_conversation_is_refused_in_words(fields, messages):
    told = refused(fields)
    assert told == messages if messages else told


def test_a_sound_conversation_of_two_scenes_is_taken():
    assert len(dialogue.specification(two())["scenes"]) == 2


def test_all_mistakes_are_told_at_once():
    told = refused(
        talk(
            scene("a", sentence("x", "b", codes=[]), sentence("y", "weg", feedback="")),
            scene("b"),
            scene("A", end="Klaar."),
        )
    )
    starts = ("Two scenes are called", "In scene “a” the sentence “x”", "In scene “a” the sentence “y”")
    assert [sum(message.startswith(start) for message in told) for start in starts] == [1, 1, 2]
    assert any("“b” is a dead end" in message for message in told)


def test_there_is_a_limit_to_scenes_and_sentences():
    many = [scene(str(number), end="x") for number in range(401)]
    assert refused(talk(*many)) == ["These are 401 scenes; at most 400 fit in one conversation."]
    wide = [
        scene(str(number), *[sentence(f"{number}-{place}", "0") for place in range(4)])
        for number in range(251)
    ]
    assert refused(talk(*wide)) == [
        "These are 1004 sentences to choose from; at most 1000 fit in one conversation."
    ]


def test_a_very_wrong_conversation_is_not_told_in_a_thousand_lines():
    wrong = [
        scene(str(number), *[sentence(f"{number}-{place}", "weg") for place in range(4)])
        for number in range(200)
    ]
    told = refused(talk(*wrong))
    assert (len(told), told[-1]) == (41, "And 761 more like these.")


def test_a_cycle_with_an_exit_is_allowed():
    assert dialogue.specification(long_talk(5))["scenes"][1]["choices"][1]["to"]


def test_a_translation_changes_words_and_never_the_way():
    words = dialogue.specification(kemal())
    for each in words["scenes"]:
        each["says"] = [{**says, "text": f"en {says['text']}"} for says in each["says"]]
        each["end"] = each["end"] and f"en {each['end']}"
        for choice in each["choices"]:
            choice |= {"text": f"en {choice['text']}", "to": "elsewhere", "codes": ["none"], "moves": {}}
    got = dialogue.translated(SPEC, {**words, "question": "Q", "start": {}})
    assert (got["question"], got["start"]) == ("Q", SPEC["start"])
    for mine, source in zip(got["scenes"], SPEC["scenes"], strict=True):
        assert [says["text"] for says in mine["says"]] == [f"en {says['text']}" for says in source["says"]]
        assert [says["when"] for says in mine["says"]] == [says["when"] for says in source["says"]]
        for choice, other in zip(mine["choices"], source["choices"], strict=True):
            assert choice == {**other, "text": f"en {other['text']}"}
        assert bool(mine["end"]) == bool(source["end"])


def test_what_is_not_translated_keeps_the_sources_words():
    words = {**SPEC, "scenes": [{**SPEC["scenes"][1], "says": [], "choices": []}]}
    assert dialogue.translated(SPEC, words) == SPEC


# --- the way through ------------------------------------------------------------------------------------------------
def test_the_state_follows_the_sentences_and_the_words_follow_the_state():
    kind, stiff = (walk(SPEC["scenes"], SPEC["start"], path) for path in (TO_THE_END[:1], ()))
    assert (kind.state, kind.client) == ({"trust": 5, "shame": 6, "change": 2}, "‘Oké. Jij wel.’")
    assert (stiff.state, stiff.client) == (SPEC["start"], "Kemal bij binnenkomst.")
    other = dialogue._talk(SPEC, on_the_way("Wat gebeurde er?", "Wat helpt u nu?"))
    assert (other.state["trust"], other.client) == (2, "‘Zeg het maar.’")


def test_the_state_stays_within_0_and_10():
    assert moved({"trust": 1, "shame": 9, "change": 5}, {"trust": -3, "shame": 3}) == {
        "trust": 0,
        "shame": 10,
        "change": 5,
    }


@pytest.mark.parametrize(
    ("comparison", "values"),
    [(">=", [5, 6]), ("<=", [4, 5]), (">", [6]), ("<", [4]), ("=", [5])],
)
def test_every_comparison(comparison, values):
    conditional = {"when": [["trust", comparison, 5]], "text": "ja"}
    says = {"says": [conditional, {"when": [], "text": "nee"}]}
    assert [value for value in (4, 5, 6) if words_of(says, {"trust": value}) == "ja"] == values


def test_all_conditions_of_other_words_have_to_hold():
    both = {"when": [["trust", ">", 4], ["shame", "<", 3]], "text": "ja"}
    says = {"says": [both, {"when": [], "text": "nee"}]}
    states = [{"trust": 5, "shame": 2}, {"trust": 5, "shame": 3}, {"trust": 4, "shame": 2}]
    assert [words_of(says, state) for state in states] == ["ja", "nee", "nee"]


def test_distances_are_counted_from_the_nearest_start():
    ways = {"a": ["b", "c"], "b": ["d"], "c": ["d", "a"], "x": ["d"]}
    assert distances(ways, "a") == {"a": 0, "b": 1, "c": 1, "d": 2}
    assert distances(turned(ways), "d") == {"d": 0, "b": 1, "c": 1, "x": 1, "a": 2}


# --- answers --------------------------------------------------------------------------------------------------------
def test_each_sentence_adds_a_step_and_the_end_is_done():
    first = dialogue.clean(SPEC, {"path": "", "say": TO_THE_END[0]})
    assert (first, dialogue.grade(SPEC, first).passed) == ({"path": TO_THE_END[:1]}, False)
    second = dialogue.clean(SPEC, {"path": TO_THE_END[0], "say": TO_THE_END[1]})
    assert (second, dialogue.grade(SPEC, second).passed) == ({"path": TO_THE_END}, True)


@pytest.mark.parametrize(("back", "left"), [("1", 0), ("2", 1)])
def test_one_can_go_back_to_any_step_and_begin_again(back, left):
    got = dialogue.clean(SPEC, {"path": " ".join(TO_THE_END), "back": back})
    assert got == {"path": TO_THE_END[:left]}


FORGED = [
    {},
    {"path": TO_THE_END[0]},
    {"path": "", "say": TO_THE_END[1]},
    {"path": " ".join(TO_THE_END), "say": TO_THE_END[0]},  # on from an end
    {"path": "onzin", "say": TO_THE_END[0]},
    {"path": "", "say": "\x00"},
    {"path": TO_THE_END[0], "back": "2"},
    {"path": TO_THE_END[0], "back": "0"},
    {"path": TO_THE_END[0], "back": "-1"},
    {"path": TO_THE_END[0], "back": "٢"},
    {"path": TO_THE_END[0], "back": "9" * 5000},
    {"path": "onzin " + TO_THE_END[0], "back": "2"},
    {"path": "a " * 100_000, "say": TO_THE_END[0]},
]


@pytest.mark.parametrize("data", FORGED)
def test_a_path_that_is_no_way_through_is_refused(data):
    with pytest.raises(ResponseError) as refusal:
        dialogue.clean(SPEC, data)
    assert str(refusal.value).endswith(".")


def test_a_talk_without_end_is_kindly_stopped():
    spec = dialogue.specification(long_talk(3))
    there, back = spec["scenes"][0]["choices"][0]["key"], spec["scenes"][1]["choices"][1]["key"]
    path = [there, back] * (LONGEST // 2)
    assert dialogue.clean(spec, {"path": " ".join(path[:-1]), "say": path[-1]}) == {"path": path}
    with pytest.raises(ResponseError, match="This talk went on for 60 sentences"):
        dialogue.clean(spec, {"path": " ".join(path), "say": there})


def test_the_answer_reads_as_what_was_said():
    assert dialogue.readable(SPEC, {"path": []}) == "At the beginning of the talk"
    assert dialogue.readable(SPEC, {"path": TO_THE_END[:1]}) == "1. U koos hier niet voor."
    assert (
        dialogue.readable(SPEC, {"path": TO_THE_END})
        == "1. U koos hier niet voor. 2. U mist haar. (to the end)"
    )


@given(data=st.data())
@settings(max_examples=80, deadline=None)
def test_any_way_of_sound_choices_is_taken_and_keeps_the_state_in_range(data):
    spec = data.draw(st.sampled_from([SPEC, dialogue.specification(long_talk(12))]))
    path = data.draw(paths(spec).filter(bool))
    assert dialogue.clean(spec, {"path": " ".join(path[:-1]), "say": path[-1]}) == {"path": path}
    went = walk(spec["scenes"], spec["start"], path)
    assert went.path == path
    for turn in went.turns:
        assert all(0 <= turn.after[name] <= 10 for name in MEASURES)
        assert turn.client
    assert dialogue.grade(spec, {"path": path}).passed is went.ended


def test_a_key_that_is_not_offered_is_no_way():
    with pytest.raises(NoWay):
        walk(SPEC["scenes"], SPEC["start"], [TO_THE_END[1]])


# --- what the learner sees ------------------------------------------------------------------------------------------
def test_the_first_screen_shows_the_situation_and_the_first_scene_and_nothing_else():
    form = dialogue.form(SPEC, None)
    assert (form["question"], form["says"], form["path"]) == (
        "Kemal komt voor het eerst.",
        "Kemal bij binnenkomst.",
        "",
    )
    assert (form["before"], form["last"], form["end"], form["summary"]) == ([], None, "", None)
    assert [choice.text for choice in form["choices"]] == ["U koos hier niet voor.", "Wat gebeurde er?"]
    words = json.dumps(form, default=str)
    assert [text for text in ("Over:", "afscheid", "Oké", "complex", "Kemal staat op") if text in words] == []


def test_on_the_way_there_is_feedback_on_what_was_said_and_no_codes():
    form = dialogue.form(SPEC, on_the_way("Wat gebeurde er?", "Wat helpt u nu?"))
    assert [turn.text for turn in form["before"]] == ["Wat gebeurde er?"]
    assert (form["last"].client, form["last"].feedback, form["last"].codes) == (
        "Kemal bij die-avond.",
        "Over: Wat helpt u nu?",
        (),
    )
    assert form["summary"] is None


def test_the_client_is_told_in_words_with_what_the_last_sentence_moved():
    gauges = dialogue.form(SPEC, on_the_way("Wat gebeurde er?"))["gauges"]
    assert [(g.name, str(g.words), g.level, str(g.moved)) for g in gauges] == [
        ("trust", "a little", 2, "less than before"),
        ("shame", "much", 4, "more than before"),
        ("change", "a little", 2, ""),
    ]
    assert gauges[1].steps == [True, True, True, True, False]
    levels = [dialogue._gauge("trust", value, value).level for value in range(11)]
    assert levels == [1, 1, 2, 2, 3, 3, 3, 4, 4, 5, 5]


def test_at_the_end_the_path_is_told_with_what_each_sentence_was():
    form = dialogue.form(SPEC, {"path": TO_THE_END})
    assert (form["end"], form["choices"]) == ("Kemal staat op en geeft een hand.", [])
    turns = form["summary"]["turns"]
    assert [[(str(name), tag) for name, tag in turn.codes] for turn in turns] == [
        [("complex reflection", "tag-on")],
        [("simple reflection", "tag-on")],
    ]


def test_two_codes_of_one_sentence_are_both_told():
    path = on_the_way("U koos hier niet voor.", "Dat moet u niet meer doen.")
    turn = dialogue.form(SPEC, path)["summary"]["turns"][-1]
    assert [(str(name), tag) for name, tag in turn.codes] == [
        ("persuading", "tag-note"),
        ("confronting", "tag-note"),
    ]


# --- MITI -----------------------------------------------------------------------------------------------------------
Q, SR, CR = ["question"], ["simple_reflection"], ["complex_reflection"]


@pytest.mark.parametrize(
    ("sentences", "ratio", "ratio_mark", "share", "complex_mark"),
    [
        ([Q, Q, Q], 0.0, "under", None, ""),
        ([CR, SR, CR], None, "", pytest.approx(66.67, abs=0.01), "good"),
        ([Q, SR, SR, CR, SR], 4.0, "good", 25.0, "under"),
        ([Q, Q, CR, SR], 1.0, "fair", 50.0, "good"),
        ([Q, CR, SR, Q, CR, SR, SR], 2.5, "good", 40.0, "fair"),
        ([Q, CR, Q], 0.5, "under", 100.0, "good"),
        ([["affirm"], ["none"], ["persuade"]], None, "", None, ""),
        ([["question", "complex_reflection"], ["question", "question"], SR], 1.0, "fair", 50.0, "good"),
    ],
)
def test_the_measures_beside_the_marks(sentences, ratio, ratio_mark, share, complex_mark):
    got = measure(sentences)
    assert (got.ratio, got.ratio_mark, got.complex_share, got.complex_mark) == (
        ratio,
        ratio_mark,
        share,
        complex_mark,
    )
    assert got.says_something is True


def test_with_two_sentences_nothing_is_said():
    assert measure([Q, CR]).says_something is False
    assert measure([]) == Measured(0, 0, 0, 0)


# --- size -----------------------------------------------------------------------------------------------------------
def test_two_hundred_scenes_are_quick():
    fields = long_talk(200)
    spec = dialogue.specification(fields)
    path = [each["choices"][0]["key"] for each in spec["scenes"][:LONGEST]]
    began = time.process_time()
    for _time in range(20):
        dialogue.form(spec, {"path": path})
        dialogue.clean(spec, {"path": " ".join(path[:-1]), "say": path[-1]})
    assert (time.process_time() - began) / 20 < 0.02
    began = time.process_time()
    dialogue.specification(fields)
    assert time.process_time() - began < 0.5


def test_the_author_may_write_numbers_as_text_and_leave_moves_out():
    fields = two(trust="3", shame="0", change="10")
    fields["scenes"][0]["choices"][0] = {
        name: value for name, value in sentence("a", "einde").items() if name not in MEASURES
    }
    spec = dialogue.specification(fields)
    assert (spec["start"], spec["scenes"][0]["choices"][0]["moves"]) == (
        {"trust": 3, "shame": 0, "change": 10},
        {},
    )


def test_the_kind_is_what_it_says():
    kind = SimpleNamespace(
        **{name: getattr(dialogue, name) for name in ("KIND", "GRADED", "PRIVATE", "MINUTES")}
    )
    assert (kind.KIND, kind.GRADED, kind.PRIVATE, kind.MINUTES) == ("dialogue", False, False, 8.0)
