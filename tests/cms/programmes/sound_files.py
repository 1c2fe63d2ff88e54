"""A small sound programme and a small sound site, as files."""

from collections.abc import Mapping
from pathlib import Path

PROGRAMME_FILES = {
    "programme.yaml": """\
key: proef
name: Proefprogramma
neutral_name: Avondcursus
organisation: Leerhuis
audience: ervaringsmaatjes
language: nl
""",
    "course.md": """\
---
key: proef-cursus
slug: proef
title: De proef
discreet_title: Avondcursus
eyebrow: Voor wie wil
lead: Wie dit leest.
summary: Kort gezegd.
hours_label: online deel
facts:
  - Groep: 6 tot 10 mensen
---
Welkom.
""",
    "01-begin/session.md": """\
---
key: p1
title: Het begin
touches: Het begin.
note: Niets zwaars.
---
Wat we doen.
""",
    "01-begin/10-les.md": """\
---
key: p1-les
title: Een les
part: les
minutes: 1
---
Tekst.
""",
}

SITE_FILES = {
    "home.md": """\
---
key: thuis
title: Leren van elkaar
lead: Welkom.
doors:
  - title: Maatje worden
    text: Een training.
    small: Negen avonden
    course: proef
steps_title: Zo gaat het
steps:
  - title: Lees
    text: Rustig aan.
promises_title: Dit beloven we
promises:
  - title: Van jou
    text: Wat je schrijft blijft van jou.
---
""",
    "catalogue.md": "---\nkey: aanbod\nslug: aanbod\ntitle: Aanbod\nlead: Kies.\n---\n",
    "privacy.md": "---\nkey: privacy\nslug: privacy\ntitle: Privacy\nlead: Kort.\n---\nWij bewaren weinig.\n",
}
LESSON_PATH = "01-begin/10-les.md"
# The front matter of the lesson: its body starts on line 7.
LESSON_HEAD = PROGRAMME_FILES[LESSON_PATH].removesuffix("Tekst.\n")


def write_files(folder: Path, files: Mapping[str, str | bytes | None]) -> Path:
    """Write files by relative path; None leaves a file out."""
    for name, content in files.items():
        if content is not None:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def lesson(key: str = "p1-les", part: str = "les", minutes: str = "1", extra: str = "") -> str:
    return f"---\nkey: {key}\ntitle: Een les\npart: {part}\nminutes: {minutes}\n{extra}---\nTekst.\n"


def session(key: str = "p1", extra: str = "") -> str:
    return (
        f"---\nkey: {key}\ntitle: Het begin\ntouches: Het begin.\nnote: Niets zwaars.\n{extra}---\nSamen.\n"
    )


def course(facts: str = "  - Groep: 6 mensen\n", slug: str = "proef", extra: str = "") -> str:
    return (
        f"---\nkey: proef-cursus\nslug: {slug}\ntitle: De proef\ndiscreet_title: Avondcursus\n"
        f"eyebrow: Voor wie wil\nlead: Wie.\nsummary: Kort.\nhours_label: online\nfacts:\n{facts}{extra}---\n"
    )


def programme(audience: str = "professionals", language: str = "nl") -> str:
    return (
        f"key: proef\nname: Proef\nneutral_name: Cursus\norganisation: Huis\n"
        f"audience: {audience}\nlanguage: {language}\n"
    )
