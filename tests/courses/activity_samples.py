"""Authors' fields of every kind: sound ones, and arbitrary sound ones for hypothesis."""

import json

from hypothesis import strategies as st

from courses.activities.statements import Reported
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
    "sort": {
        "question": "Waar past dit?",
        "items": [
            {"id": "1", "text": "Mijn adres", "group": "Bewaren"},
            {"id": "2", "text": "Hoe ik weer ging sporten", "group": "Delen"},
            {"id": "3", "text": "De naam van mijn zus", "group": "Bewaren"},
        ],
        "feedback_right": "Zo houd je het bij jezelf.",
        "feedback_wrong": "Denk aan wie het nog meer raakt.",
    },
    "fill": {
        "question": "Vul aan.",
        "text": "Een open vraag begint met [[hoe|wat]]. Daarna wacht je, en je [[luistert]].",
        "feedback_right": "Ja.",
        "feedback_wrong": "Lees de zin nog eens hardop.",
    },
    "label": {
        "question": "Wat doet Mirjam?",
        "labels": ["open vraag", "reflectie"],
        "lines": [
            {"id": "0", "speaker": "Ans", "text": "Er is niks.", "label": "", "why": ""},
            {
                "id": "1",
                "speaker": "Mirjam",
                "text": "U wilt rust.",
                "label": "reflectie",
                "why": "Ze raadt niet.",
            },
            {
                "id": "2",
                "speaker": "Mirjam",
                "text": "Hoe slaapt u?",
                "label": "open vraag",
                "why": "Hoe opent.",
            },
            {"id": "3", "speaker": "Mirjam", "text": "U bent moe.", "label": "Reflectie", "why": "Een punt."},
            {
                "id": "4",
                "speaker": "Mirjam",
                "text": "Wat helpt u?",
                "label": "open vraag",
                "why": "Wat opent.",
            },
        ],
    },
    "open": {
        "question": "Maak er een reflectie van.",
        "model": "U bent boos, en u houdt van hem.",
        "checks": [{"id": "1", "text": "Geen vraagteken."}, {"id": "2", "text": "Niets erbij bedacht."}],
    },
    "worksheet": {
        "question": "Mijn steunkaart",
        "fields": [{"id": "1", "text": "Wie bel ik?"}, {"id": "2", "text": "Waar kan ik heen?"}],
    },
    "survey": {
        "question": "Hoe gaat het nu? Sla over wat je wilt.",
        "moment": "T0",
        "minimum": 0,
        "maximum": 10,
        "low_label": "niet",
        "high_label": "helemaal",
        "items": [
            {"construct": "zelfinzicht", "form": "scale", "reversed": False, "text": "Ik begrijp mezelf."},
            {"construct": "schaamte", "form": "scale", "reversed": True, "text": "Ik schaam me."},
            {"construct": "verwachting", "form": "open", "reversed": False, "text": "Wat hoop je?"},
        ],
    },
    "assignment": {
        "question": "Beschrijf een gesprek dat je had.",
        "upload": True,
        "days": 14,
        "criteria": [
            {
                "id": "1",
                "title": "Contact",
                "must": False,
                "not_yet": "Ik lees wat jij zei.",
                "enough": "Ik lees hoe je luisterde.",
                "strong": "Ik lees wat dat deed.",
            },
            {
                "id": "2",
                "title": "Veiligheid",
                "must": True,
                "not_yet": "Er staat niet wat je deed met de zorg.",
                "enough": "Je zei het tegen je contactpersoon.",
                "strong": "Je zei het, en dat wist de ander.",
            },
            {
                "id": "3",
                "title": "Grenzen",
                "must": False,
                "not_yet": "Ik zie geen grens.",
                "enough": "Ik zie een grens.",
                "strong": "Ik zie hoe je hem zei.",
            },
        ],
    },
    "reflection": {"question": "Waar merk je rust aan?", "hint": "Een paar woorden"},
    "video": {
        "question": "Kijk naar het gesprek. Wat vraagt Mirjam niet?",
        "recording": {
            "id": 1,
            "ending": "webm",
            "seconds": 6.01,
            "language": "nl",
            "captions": True,
            "transcript": "Mirjam: Hoe is het nu met u?\nKemal: Het gaat wel.",
        },
    },
    "audio": {
        "question": "Luister met je ogen dicht, als dat goed voelt.",
        "recording": {
            "id": 2,
            "ending": "mp3",
            "seconds": 6.08,
            "language": "nl",
            "captions": False,
            "transcript": "",
        },
    },
    "download": {
        "question": "Je steunkaart, om te printen.",
        "statement": "Ik heb hem",
        "document": {"id": 1, "ending": "pdf", "size": 300},
    },
    "h5p": {
        "question": "Probeer het zelf.",
        "text": "Een vraag met twee antwoorden.",
        "package": {"key": "6f9d1f3e-6d2c-4a3b-9a51-0f3f6f0e7a11", "version": 1, "number": 1},
        "counts": "score",
        "pass_percent": 70,
        "policy": "best",
        "alternative": "Lees de bladzijde hierboven nog eens.",
    },
    "dialogue": kemal(),
}
FIELDS["quiz"] = {
    "question": "Drie vragen over alles.",
    "questions": [
        {"id": kind, "kind": kind, "fields": FIELDS[kind]}
        for kind in ("single_choice", "multiple_choice", "true_false")
    ],
    "draw": 3,
    "pass_score": 2,
    "attempts": 0,
}
UNGRADED = {
    "h5p",
    "assignment",
    "audio",
    "dialogue",
    "download",
    "label",
    "open",
    "read",
    "reflection",
    "scale",
    "survey",
    "video",
    "worksheet",
}
GRADED = [kind for kind in FIELDS if kind not in UNGRADED]

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


def _checks(texts: list[str]) -> list[dict]:
    return [{"id": str(number), "text": text} for number, text in enumerate(texts)]


def _recordings(ending: str) -> st.SearchStrategy:
    recording = {
        "id": st.integers(1, 9),
        "ending": st.just(ending),
        "seconds": st.floats(0.1, 90_000),
        "language": st.sampled_from(["nl", "en"]),
        "captions": st.booleans(),
        "transcript": st.just("") | WORDS,
    }
    return st.fixed_dictionaries({"question": WORDS, "recording": st.fixed_dictionaries(recording)})


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
    "sort": _with_feedback(
        st.fixed_dictionaries(
            {
                "question": WORDS,
                "items": st.lists(
                    st.fixed_dictionaries({"text": WORDS, "group": st.sampled_from(["Wel", "Niet", "Soms"])}),
                    min_size=3,
                    max_size=8,
                )
                .filter(lambda rows: len({row["group"] for row in rows}) > 1)
                .map(lambda rows: [{**row, "id": str(number)} for number, row in enumerate(rows)]),
            }
        )
    ),
    "fill": _with_feedback(
        st.fixed_dictionaries(
            {
                "question": WORDS,
                "text": st.lists(st.sampled_from(["hoe", "wat|welk", "Ja."]), min_size=1, max_size=8).map(
                    lambda gaps: "Dus " + " en ".join(f"[[{gap}]]" for gap in gaps) + " toch"
                ),
            }
        )
    ),
    "label": st.lists(st.tuples(WORDS, st.sampled_from(["vraag", "reflectie"])), min_size=4, max_size=12).map(
        lambda rows: {
            "question": "Wat doet Mirjam?",
            "labels": ["vraag", "reflectie", "samenvatting"],
            "lines": [
                {"id": str(number), "speaker": "Mirjam", "text": text, "label": label, "why": "Daarom."}
                for number, (text, label) in enumerate(rows)
            ],
        }
    ),
    "open": st.fixed_dictionaries(
        {"question": WORDS, "model": WORDS, "checks": st.lists(WORDS, min_size=1, max_size=5).map(_checks)}
    ),
    "worksheet": st.fixed_dictionaries(
        {"question": WORDS, "fields": st.lists(WORDS, min_size=2, max_size=12).map(_checks)}
    ),
    "survey": st.tuples(WORDS, st.sampled_from(["T0", "T1", ""])).map(
        lambda both: {**FIELDS["survey"], "question": both[0], "moment": both[1]}
    ),
    "assignment": st.tuples(WORDS, st.booleans(), st.integers(0, 60)).map(
        lambda three: {**FIELDS["assignment"], "question": three[0], "upload": three[1], "days": three[2]}
    ),
    "reflection": st.fixed_dictionaries({"question": WORDS, "hint": st.text(max_size=10)}),
    "h5p": st.tuples(WORDS, st.sampled_from(["score", "finished", "seen"]), st.integers(0, 100)).map(
        lambda three: {
            **FIELDS["h5p"],
            "question": three[0],
            "counts": three[1],
            "pass_percent": three[2],
        }
    ),
    # All questions drawn, all to be right: then one answer passes, as for the other kinds.
    "quiz": st.lists(st.sampled_from(FIELDS["quiz"]["questions"]), min_size=1, max_size=6).map(
        lambda made: {
            "question": "Over alles.",
            "questions": [{**question, "id": str(number)} for number, question in enumerate(made)],
            "draw": len(made),
            "pass_score": len(made),
        }
    ),
    "read": st.fixed_dictionaries({"statement": WORDS}),
    "video": _recordings("webm"),
    "audio": _recordings("ogg"),
    "download": st.fixed_dictionaries(
        {
            "question": WORDS,
            "statement": WORDS,
            "document": st.fixed_dictionaries(
                {"id": st.integers(1, 9), "ending": st.just("pdf"), "size": st.integers(1, 10**9)}
            ),
        }
    ),
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
        case "sort":
            groups = st.sampled_from([group["key"] for group in spec["groups"]])
            return st.fixed_dictionaries({f"sort-{item['key']}": groups for item in spec["items"]})
        case "fill":
            return st.tuples(*(st.sampled_from([answers[0], "nooit dit"]) for answers in spec["gaps"])).map(
                lambda words: {f"gap-{number}": word for number, word in enumerate(words, start=1)}
            )
        case "label":
            labels = st.sampled_from([label["key"] for label in spec["labels"]])
            return st.fixed_dictionaries({f"label-{line['key']}": labels for line in spec["lines"]})
        case "open":
            seen = st.sets(st.sampled_from([check["key"] for check in spec["checks"]])).map(sorted)
            return st.fixed_dictionaries({"text": WORDS, "seen": seen})
        case "worksheet":
            first, *others = (f"write-{field['key']}" for field in spec["fields"])
            return st.fixed_dictionaries(
                {first: WORDS, **{name: st.text("ab", max_size=3) for name in others}}
            )
        case "survey":
            number = st.integers(spec["minimum"], spec["maximum"]).map(str)
            return st.fixed_dictionaries(
                {f"survey-{item['construct']}": WORDS if item["open"] else number for item in spec["items"]}
            )
        case "h5p":
            points = st.floats(0, 100) | st.integers(0, 100)
            reports = st.tuples(points, points).map(
                lambda both: Reported("completed", finished=True, raw=min(both), maximum=max(both))
            )
            return (reports | st.just(Reported("answered", finished=True))).map(
                lambda report: {"report": report}
            )
        case "reflection" | "assignment":
            return WORDS.map(lambda text: {"text": text})
        case "quiz":
            each = [
                responses(question["kind"], question["specification"]).map(
                    lambda data, key=question["key"]: {f"q-{key}-choice": data["choice"]}
                )
                for question in spec["questions"]
            ]
            return st.tuples(*each).map(
                lambda sent: {name: value for one in sent for name, value in one.items()}
            )
        case "video" | "audio":
            return st.just({"confirmed": "1"})
        case "read" | "download":
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
        case "sort":
            return {f"sort-{key}": value for key, value in response["groups"].items()}
        case "fill":
            return {f"gap-{number}": word for number, word in enumerate(response["gaps"], start=1)}
        case "label":
            return {f"label-{key}": value for key, value in response["labels"].items()}
        case "open":
            return {"text": response["text"], "seen": response["seen"]}
        case "survey":
            return {f"survey-{name}": str(answer) for name, answer in response["answers"].items()}
        case "worksheet":
            return {f"write-{key}": text for key, text in json.loads(response["text"]).items()}
        case "scale":
            return {"value": str(response["value"])}
        case "quiz":
            kinds = {question["key"]: question["kind"] for question in spec["questions"]}
            return {
                f"q-{key}-choice": posted(kinds[key], spec, answer["response"])["choice"]
                for answer in response["answers"]
                for key in [answer["question"]]
            }
        case "h5p":
            if response.get("confirmed"):
                return {}
            raw, maximum = response["points"] or (None, None)
            return {"report": Reported(response["verb"], finished=True, raw=raw, maximum=maximum)}
        case "reflection" | "assignment":
            return {"text": response["text"]}
        case "video" | "audio":
            return {"confirmed": "1"}
        case "read" | "download":
            return {}
        case "dialogue":
            first = spec["scenes"][0]["choices"][0]["key"]
            *before, last = response["path"] or [""]
            return {"path": " ".join(before), "say": last} if last else {"path": first, "back": "1"}
    raise AssertionError(kind)
