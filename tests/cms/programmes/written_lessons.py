"""Lessons as hypothesis writes them: what they say, and how that is written."""

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from cms.programmes.assignments import LEVELS


@dataclass(frozen=True)
class Written:
    """A text and the words of which it is made, to be broken over lines anywhere before a plain word."""

    words: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(self.words)


PLAIN_WORDS = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyzABCDEÉëïü’"), min_size=1, max_size=9)
OTHER_WORDS = st.sampled_from(
    [
        "112,",
        "0800-2000",
        "3.",
        "(nee)",
        "'s",
        "–",
        "x]",
        "[x]",
        "%",
        "&",
        "<b>",
        "1-2",
        "€",
        "#",
        ":",
        "{}",
        "-",
    ]
)
TEXTS = st.builds(
    lambda first, rest: Written((first, *rest)), PLAIN_WORDS, st.lists(PLAIN_WORDS | OTHER_WORDS, max_size=12)
)
KEYS = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?", fullmatch=True)


@st.composite
def write_text(draw: st.DrawFn, text: Written, indent: str = "  ") -> str:
    """The text over one or more lines; lines after the first start with the indent."""
    lines = [text.words[0]]
    for word in text.words[1:]:
        breaks = word.isalpha() and draw(st.integers(0, 4)) == 0
        lines[-1:] = [lines[-1], indent + word] if breaks else [f"{lines[-1]} {word}"]
    return "\n".join(lines)


@st.composite
def write_question(draw: st.DrawFn) -> tuple[str, str]:
    """A question's text and notation, of one to three paragraphs."""
    paragraphs = draw(st.lists(TEXTS, min_size=1, max_size=3))
    blank = draw(st.sampled_from(["\n", "\n\n", "\n  \n"]))
    written = f"\n{blank}".join(draw(write_text(paragraph)) for paragraph in paragraphs)
    return "\n\n".join(paragraph.text for paragraph in paragraphs), written


@st.composite
def write_choice(draw: st.DrawFn, kind: str) -> tuple[dict[str, Any], str]:
    question, written = draw(write_question())
    texts = draw(st.lists(TEXTS, min_size=2, max_size=5, unique_by=lambda text: text.text))
    if kind == "single":
        right = {draw(st.integers(0, len(texts) - 1))}
    else:
        right = draw(st.sets(st.integers(0, len(texts) - 1), min_size=1))
    options = []
    for index, text in enumerate(texts):
        feedback = draw(TEXTS)
        mark = draw(st.sampled_from("xX")) if index in right else " "
        indent = draw(st.sampled_from(["  ", "", "    "]))
        written += f"\n- [{mark}] {draw(write_text(text))}\n{indent}> {draw(write_text(feedback, '    '))}"
        options.append({"text": text.text, "right": index in right, "feedback": feedback.text})
    return {"question": question, "options": options}, written


@st.composite
def write_truefalse(draw: st.DrawFn) -> tuple[dict[str, Any], str]:
    statement, written = draw(write_question())
    right = draw(st.booleans())
    feedback = {True: draw(TEXTS), False: draw(TEXTS)}
    for answer in draw(st.permutations([True, False])):
        label = "Waar" if answer else "Niet waar"
        written += (
            f"\n- [{'x' if answer is right else ' '}] {label}\n  > {draw(write_text(feedback[answer]))}"
        )
    fields = {
        "statement": statement,
        "right": right,
        "feedback_true": feedback[True].text,
        "feedback_false": feedback[False].text,
    }
    return fields, written


@st.composite
def write_verdicts(draw: st.DrawFn) -> tuple[dict[str, str], str]:
    right, wrong = draw(TEXTS), draw(TEXTS)
    lines = [f"\nright> {draw(write_text(right))}", f"\nwrong> {draw(write_text(wrong))}"]
    fields = {"feedback_right": right.text, "feedback_wrong": wrong.text}
    return fields, "".join(draw(st.permutations(lines)))


@st.composite
def write_order(draw: st.DrawFn) -> tuple[dict[str, Any], str]:
    question, written = draw(write_question())
    items = draw(st.lists(TEXTS, min_size=2, max_size=6, unique_by=lambda text: text.text))
    for number, item in enumerate(items, start=1):
        written += f"\n{number}. {draw(write_text(item))}"
    verdicts, lines = draw(write_verdicts())
    return {"question": question, "items": [item.text for item in items], **verdicts}, written + lines


@st.composite
def write_match(draw: st.DrawFn) -> tuple[dict[str, Any], str]:
    question, written = draw(write_question())
    lefts = draw(st.lists(TEXTS, min_size=2, max_size=5, unique_by=lambda text: text.text))
    rights = draw(
        st.lists(TEXTS, min_size=len(lefts), max_size=len(lefts)).filter(
            lambda texts: len({text.text for text in texts}) > 1
        )
    )
    for left, right in zip(lefts, rights, strict=True):
        written += f"\n- {draw(write_text(left))} => {draw(write_text(right))}"
    pairs = [{"left": left.text, "right": right.text} for left, right in zip(lefts, rights, strict=True)]
    verdicts, lines = draw(write_verdicts())
    return {"question": question, "pairs": pairs, **verdicts}, written + lines


@st.composite
def write_scale(draw: st.DrawFn) -> tuple[dict[str, Any], str]:
    question, written = draw(write_question())
    minimum, maximum = sorted(draw(st.lists(st.integers(0, 100), min_size=2, max_size=2, unique=True)))
    low, high = draw(TEXTS), draw(TEXTS)
    written += f"\n{minimum} = {draw(write_text(low))}\n{maximum} = {draw(write_text(high))}"
    starts = sorted({minimum, *draw(st.lists(st.integers(minimum, maximum), max_size=4))})
    bands = []
    for first, following in zip(starts, [*starts[1:], maximum + 1], strict=True):
        last = following - 1
        feedback = draw(TEXTS)
        numbers = f"{first}" if first == last and draw(st.booleans()) else f"{first}-{last}"
        written += f"\n{numbers}> {draw(write_text(feedback))}"
        bands.append({"first": first, "last": last, "feedback": feedback.text})
    fields = {
        "question": question,
        "minimum": minimum,
        "maximum": maximum,
        "low_label": low.text,
        "high_label": high.text,
        "bands": bands,
    }
    return fields, written


@st.composite
def write_reflection(draw: st.DrawFn) -> tuple[dict[str, Any], str]:
    question, written = draw(write_question())
    hint = draw(TEXTS)
    return {"question": question, "hint": hint.text}, f"{written}\nhint> {draw(write_text(hint))}"


@st.composite
def write_read(draw: st.DrawFn) -> tuple[dict[str, Any], str]:
    statement = draw(TEXTS.filter(lambda text: len(text.text) <= 120))
    return {"statement": statement.text}, draw(write_text(statement))


@st.composite
def write_sort(draw: st.DrawFn) -> tuple[dict[str, Any], str]:
    question, written = draw(write_question())
    texts = draw(st.lists(TEXTS, min_size=3, max_size=6, unique_by=lambda text: text.text))
    groups = draw(st.lists(TEXTS, min_size=2, max_size=3, unique_by=lambda text: text.text))
    items = []
    for number, text in enumerate(texts):
        group = groups[number % len(groups)]
        written += f"\n- {draw(write_text(text))} => {draw(write_text(group))}"
        items.append({"text": text.text, "group": group.text})
    verdicts, lines = draw(write_verdicts())
    return {"question": question, "items": items, **verdicts}, written + lines


@st.composite
def write_fill(draw: st.DrawFn) -> tuple[dict[str, Any], str]:
    question, written = draw(write_question())
    pieces = draw(st.lists(st.tuples(PLAIN_WORDS, PLAIN_WORDS), min_size=1, max_size=8))
    text = " ".join(f"{before} [[{gap}|{gap}s]]" for before, gap in pieces)
    verdicts, lines = draw(write_verdicts())
    return {"question": question, "text": text, **verdicts}, f"{written}\ntext> {text}{lines}"


@st.composite
def write_open(draw: st.DrawFn) -> tuple[dict[str, Any], str]:
    question, written = draw(write_question())
    model = draw(TEXTS)
    checks = draw(st.lists(TEXTS, min_size=1, max_size=5, unique_by=lambda text: text.text))
    written += f"\nmodel> {draw(write_text(model))}"
    written += "".join(f"\ncheck> {draw(write_text(check))}" for check in checks)
    return {"question": question, "model": model.text, "checks": [check.text for check in checks]}, written


@st.composite
def write_label(draw: st.DrawFn) -> tuple[dict[str, Any], str]:
    question, written = draw(write_question())
    labels = draw(st.lists(PLAIN_WORDS, min_size=2, max_size=10, unique_by=str.casefold))
    written += f"\nlabels> {' | '.join(labels)}"
    lines = []
    for number in range(draw(st.integers(4, 7))):
        speaker, text, why = draw(PLAIN_WORDS), draw(TEXTS), draw(TEXTS)
        labelled = number < 4 or draw(st.booleans())
        label = draw(st.sampled_from(labels)) if labelled else ""
        written += f"\n- {speaker}: {draw(write_text(text))}"
        written += f" => {label}\n  > {draw(write_text(why))}" if labelled else ""
        lines.append(
            {"speaker": speaker, "text": text.text, "label": label, "why": why.text if labelled else ""}
        )
    return {"question": question, "labels": labels, "lines": lines}, written


@st.composite
def write_worksheet(draw: st.DrawFn) -> tuple[dict[str, Any], str]:
    question, written = draw(write_question())
    keys = draw(st.lists(KEYS, min_size=2, max_size=6, unique=True))
    asked = [{"key": key, "text": draw(TEXTS).text} for key in keys]
    written += "".join(f"\nfield {field['key']}> {field['text']}" for field in asked)
    return {"question": question, "fields": asked}, written


@st.composite
def write_survey(draw: st.DrawFn) -> tuple[dict[str, Any], str]:
    question, written = draw(write_question())
    moment = draw(st.sampled_from(["T0", "T1", "los"]))
    low, high = draw(TEXTS), draw(TEXTS)
    written += f"\nmoment> {moment}\n0 = {draw(write_text(low))}\n10 = {draw(write_text(high))}"
    items = []
    for key in draw(st.lists(KEYS, min_size=1, max_size=5, unique=True)):
        form, text = draw(st.sampled_from(["scale", "open"])), draw(TEXTS)
        turned = form == "scale" and draw(st.booleans())
        written += f"\n{form} {key}{' reversed' if turned else ''}> {draw(write_text(text))}"
        items.append({"construct": key, "form": form, "reversed": turned, "text": text.text})
    fields = {
        "question": question,
        "moment": "" if moment == "los" else moment,
        "items": items,
        "minimum": 0,
        "maximum": 10,
        "low_label": low.text,
        "high_label": high.text,
    }
    return fields, written


@st.composite
def write_assignment(draw: st.DrawFn) -> tuple[dict[str, Any], str]:
    question, written = draw(write_question())
    upload, days = draw(st.booleans()), draw(st.integers(0, 60))
    written += f"\nupload> {'yes' if upload else 'no'}\ndays> {days}"
    titles = draw(st.lists(PLAIN_WORDS, min_size=1, max_size=3, unique=True))
    must = draw(st.sampled_from(titles))
    criteria = []
    for title in titles:
        levels = {name: draw(TEXTS).text for name in LEVELS.values()}
        written += f"\n== {title}{' must' if title == must else ''}"
        written += "".join(f"\n{label}> {levels[name]}" for label, name in LEVELS.items())
        criteria.append({"title": title, "must": title == must, **levels})
    return {"question": question, "upload": upload, "days": days, "criteria": criteria}, written


@st.composite
def write_dialogue(draw: st.DrawFn) -> tuple[dict[str, Any], str]:
    """A talk of a few scenes, each of which leads to the next; the last is the end."""
    question, written = draw(write_question())
    state = {name: draw(st.integers(0, 10)) for name in ("trust", "shame", "change")}
    client = draw(PLAIN_WORDS)
    written += f"\nclient> {client}" + "".join(f"\n{name}> {number}" for name, number in state.items())
    figures = draw(st.booleans())
    written += "" if figures else "\nfigures> no"
    names = draw(st.lists(KEYS, min_size=2, max_size=4, unique=True))
    scenes = []
    for name, following in zip(names, [*names[1:], ""], strict=True):
        variant, always, end = draw(PLAIN_WORDS), draw(PLAIN_WORDS), draw(TEXTS)
        number = draw(st.integers(1, 9))
        written += f"\n== {name}\nsays trust >= {number}, shame < 4> {variant} nu\nsays> {always}"
        conditions = [("trust", ">=", number), ("shame", "<", 4)]
        when = [dict(zip(("measure", "comparison", "number"), each, strict=True)) for each in conditions]
        choices = []
        for code, word in (("question", "vraag"), ("affirm", "bevestigen")) if following else ():
            text, feedback, moved = draw(TEXTS), draw(TEXTS), draw(st.integers(-3, 3))
            moves = f"\n  moves> shame {moved:+}" if moved else ""
            written += f"\n- {draw(write_text(text))} => {following}\n  code> {word}{moves}"
            written += f"\n  > {draw(write_text(feedback))}"
            choices.append(
                {
                    "text": text.text,
                    "to": following,
                    "codes": [code],
                    "trust": 0,
                    "shame": moved,
                    "change": 0,
                    "feedback": feedback.text,
                }
            )
        written += "" if following else f"\nend> {draw(write_text(end))}"
        scenes.append(
            {
                "name": name,
                "variants": [{"when": when, "text": f"{variant} nu"}],
                "says": always,
                "choices": choices,
                "end": "" if following else end.text,
            }
        )
    fields = {"question": question, "client": client, **state, "figures": figures, "scenes": scenes}
    return fields, written


ACTIVITIES = {
    "single": write_choice("single"),
    "multiple": write_choice("multiple"),
    "truefalse": write_truefalse(),
    "order": write_order(),
    "match": write_match(),
    "scale": write_scale(),
    "reflection": write_reflection(),
    "read": write_read(),
    "sort": write_sort(),
    "fill": write_fill(),
    "open": write_open(),
    "label": write_label(),
    "worksheet": write_worksheet(),
    "survey": write_survey(),
    "assignment": write_assignment(),
    "dialogue": write_dialogue(),
}
NEVER_REQUIRED = ("reflection", "worksheet")


@st.composite
def write_lesson(draw: st.DrawFn) -> tuple[list[tuple[str, Any]], str]:
    """What a lesson holds, in order, and its body in the notation."""
    kinds = draw(st.lists(st.sampled_from(["text", "aside", "drawing", *ACTIVITIES]), min_size=1, max_size=6))
    keys = draw(st.lists(KEYS, min_size=len(kinds), max_size=len(kinds), unique=True))
    expected: list[tuple[str, Any]] = []
    body = ""
    for kind, key in zip(kinds, keys, strict=True):
        if kind in ACTIVITIES:
            fields, written = draw(ACTIVITIES[kind])
            optional = draw(st.booleans())
            if draw(st.booleans()):
                alternative = draw(TEXTS)
                fields = {**fields, "alternative": alternative.text}
                written += f"\nalternative> {draw(write_text(alternative))}"
            expected.append((kind, (key, not optional and kind not in NEVER_REQUIRED, fields)))
            body += f"::: {kind} {key}{' optional' if optional else ''}\n{written}\n:::\n"
        elif kind == "drawing":
            words = draw(TEXTS)
            expected.append((kind, words.text))
            body += f"::: drawing spiraal\n{draw(write_text(words, ''))}\n:::\n"
        elif kind == "aside":
            title, word = draw(TEXTS), draw(PLAIN_WORDS)
            expected.append((kind, (title.text, f"<p>{word}</p>")))
            body += f"::: aside {title.text}\n{word}\n:::\n"
        elif not expected or expected[-1][0] != "text":  # two runs of text in a row are one
            word = draw(PLAIN_WORDS)
            expected.append((kind, f"<p>{word}</p>"))
            body += f"\n{word}\n\n"
    return expected, body
