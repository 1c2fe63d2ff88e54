"""Authors' fields of every kind: sound ones, and arbitrary sound ones for hypothesis."""

from hypothesis import strategies as st

from tests.courses.talks import kemal, long_talk

OPTIONS = [
    {"id": "a", "text": "Zelf bemiddelen", "right": False, "feedback": "Dat doet een ander."},
    {"id": "b", "text": "Ernaast staan", "right": True, "feedback": "Ja, dat is het."},
    {"id": "c", "text": "Luisteren", "right": False, "feedback": "Dat hoort erbij."},
]
BOTH = [{**option, "right": option["id"] != "a"} for option in OPTIONS]
FIELDS = {
    "read": {"statement": "Ik heb dit gelezen"},
    "single_choice": {"question": "Wat past?", "options": OPTIONS},
    "multiple_choice": {"question": "Wat past allemaal?", "options": BOTH},
    "true_false": {
        "statement": "Een maatje meldt zelf.",
        "right": "false",
        "feedback_true": "Die plicht is van beroepskrachten.",
        "feedback_false": "Je gaat naar je contactpersoon.",
    },
    "order": {
        "question": "In welke volgorde?",
        "items": [
            {"id": "1", "text": "Zien"},
            {"id": "2", "text": "Overleggen"},
            {"id": "3", "text": "Praten"},
        ],
        "feedback_right": "Zo gaat het.",
        "feedback_wrong": "Kijk nog eens.",
    },
    "match": {
        "question": "Wat hoort bij wat?",
        "pairs": [
            {"id": "1", "left": "Gevaar", "right": "112"},
            {"id": "2", "left": "Advies", "right": "0800-2000"},
            {"id": "3", "left": "Brand", "right": "112"},
        ],
        "feedback_right": "Klopt.",
        "feedback_wrong": "Nog niet.",
    },
    "scale": {
        "question": "Hoe klaar ben je?",
        "minimum": 0,
        "maximum": 10,
        "low_label": "niet",
        "high_label": "helemaal",
        "bands": [
            {"first": 0, "last": 4, "feedback": "Rustig aan."},
            {"first": 5, "last": 10, "feedback": "Fijn."},
        ],
    },
    "reflection": {"question": "Waar merk je rust aan?", "hint": "Een paar woorden"},
    "dialogue": kemal(),
}
GRADED = [kind for kind in FIELDS if kind not in {"read", "scale", "reflection", "dialogue"}]

WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=12
)
BOTH_FEEDBACKS = st.fixed_dictionaries({"feedback_right": WORDS, "feedback_wrong": WORDS})


def _options(rights: st.SearchStrategy) -> st.SearchStrategy:
    def build(right: list[bool]) -> st.SearchStrategy:
        each = [
            st.fixed_dictionaries(
                {"id": st.just(str(i)), "text": WORDS, "right": st.just(yes), "feedback": WORDS}
            )
            for i, yes in enumerate(right)
        ]
        return st.fixed_dictionaries({"question": WORDS, "options": st.tuples(*each).map(list)})

    return rights.flatmap(build)


def _one_of(count: int) -> st.SearchStrategy:
    return st.integers(0, count - 1).map(lambda right: [number == right for number in range(count)])


def _with_feedback(fields: st.SearchStrategy) -> st.SearchStrategy:
    return st.tuples(fields, BOTH_FEEDBACKS).map(lambda both: {**both[0], **both[1]})


def _numbered(*names: str, unique: bool = False) -> st.SearchStrategy:
    each = st.fixed_dictionaries(dict.fromkeys(names, WORDS))
    lists = st.lists(each, min_size=2, max_size=6)
    return lists.map(lambda rows: [{**row, "id": str(number)} for number, row in enumerate(rows)])


SOUND = {
    "single_choice": _options(st.integers(2, 8).flatmap(_one_of)),
    "multiple_choice": _options(st.lists(st.booleans(), min_size=2, max_size=8).filter(any)),
    "true_false": st.fixed_dictionaries(
        {
            "statement": WORDS,
            "right": st.sampled_from(["true", "false", True, False]),
            "feedback_true": WORDS,
            "feedback_false": WORDS,
        }
    ),
    "order": _with_feedback(st.fixed_dictionaries({"question": WORDS, "items": _numbered("text")})),
    "match": _with_feedback(
        st.fixed_dictionaries(
            {
                "question": WORDS,
                "pairs": _numbered("left", "right").filter(
                    lambda rows: len({row["right"].strip() for row in rows}) > 1
                ),
            }
        )
    ),
    "scale": st.integers(-9, 9).flatmap(
        lambda low: st.integers(low + 1, low + 20).map(
            lambda high: {**FIELDS["scale"], "minimum": low, "maximum": high, "bands": _bands(low, high)}
        )
    ),
    "reflection": st.fixed_dictionaries({"question": WORDS, "hint": st.text(max_size=10)}),
    "read": st.fixed_dictionaries({"statement": WORDS}),
    "dialogue": st.just(kemal()) | st.integers(2, 30).map(long_talk),
}


def _bands(low: int, high: int) -> list[dict]:
    middle = (low + high) // 2
    return [
        {"first": low, "last": middle, "feedback": "Laag."},
        {"first": middle + 1, "last": high, "feedback": "Hoog."},
    ]


def responses(kind: str, spec: dict) -> st.SearchStrategy:
    """Form data that is an answer to this specification, right or not."""
    match kind:
        case "single_choice":
            return st.sampled_from([option["key"] for option in spec["options"]]).map(
                lambda key: {"choice": key}
            )
        case "multiple_choice":
            keys = [option["key"] for option in spec["options"]]
            return st.sets(st.sampled_from(keys), min_size=1).map(lambda chosen: {"choice": sorted(chosen)})
        case "true_false":
            return st.sampled_from(["true", "false"]).map(lambda key: {"choice": key})
        case "order":
            keys = [item["key"] for item in spec["items"]]
            return st.permutations(range(1, len(keys) + 1)).map(
                lambda places: {f"place-{key}": str(place) for key, place in zip(keys, places, strict=True)}
            )
        case "match":
            rights = st.sampled_from([right["key"] for right in spec["rights"]])
            return st.fixed_dictionaries({f"match-{pair['key']}": rights for pair in spec["pairs"]})
        case "scale":
            return st.integers(spec["minimum"], spec["maximum"]).map(lambda value: {"value": str(value)})
        case "reflection":
            return WORDS.map(lambda text: {"text": text})
        case "read":
            return st.just({})
        case "dialogue":
            return paths(spec).map(lambda path: posted(kind, spec, {"path": path}))
    raise AssertionError(kind)


@st.composite
def paths(draw: st.DrawFn, spec: dict) -> list[str]:
    """A way through a conversation, of any length that it may have."""
    scenes = {scene["key"]: scene for scene in spec["scenes"]}
    here, path = spec["scenes"][0], []
    for _step in range(draw(st.integers(0, 60))):
        if not here["choices"]:
            break
        choice = draw(st.sampled_from(here["choices"]))
        path.append(choice["key"])
        here = scenes[choice["to"]]
    return path


def posted(kind: str, spec: dict, response: dict) -> dict:
    """What a browser sends for a form that shows this response."""
    match kind:
        case "single_choice" | "true_false":
            return {"choice": response["choice"]}
        case "multiple_choice":
            return {"choice": response["choices"]}
        case "order":
            return {f"place-{key}": str(place) for place, key in enumerate(response["order"], start=1)}
        case "match":
            return {f"match-{key}": value for key, value in response["pairs"].items()}
        case "scale":
            return {"value": str(response["value"])}
        case "reflection":
            return {"text": response["text"]}
        case "read":
            return {}
        case "dialogue":
            first = spec["scenes"][0]["choices"][0]["key"]
            *before, last = response["path"] or [""]
            return {"path": " ".join(before), "say": last} if last else {"path": first, "back": "1"}
    raise AssertionError(kind)
