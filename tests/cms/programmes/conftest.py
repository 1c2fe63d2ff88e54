"""A small sound programme and site on disk, of which a test replaces what it is about."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

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

WriteFolder = Callable[[Mapping[str, str | bytes | None]], Path]


def write_files(folder: Path, files: Mapping[str, str | bytes | None]) -> Path:
    """Write files by relative path; None leaves a file out."""
    for name, content in files.items():
        if content is not None:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


@pytest.fixture
def write_programme(tmp_path: Path) -> WriteFolder:
    return lambda files: write_files(tmp_path / "programme", {**PROGRAMME_FILES, **files})


@pytest.fixture
def write_site(tmp_path: Path) -> WriteFolder:
    return lambda files: write_files(tmp_path / "site", {**SITE_FILES, **files})


@pytest.fixture
def write_lesson_body(write_programme: WriteFolder) -> Callable[[str], Path]:
    """The programme with this lesson body, which starts on line 7 of 01-begin/10-les.md."""
    head = PROGRAMME_FILES["01-begin/10-les.md"].removesuffix("Tekst.\n")
    return lambda body: write_programme({"01-begin/10-les.md": head + body})
