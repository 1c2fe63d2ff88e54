"""The pages around the programmes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cms.programmes import (
    Door,
    HomeText,
    NotationError,
    PageText,
    Paragraphs,
    ProgrammeErrors,
    SiteText,
    TitledText,
    read_site,
)

WriteFolder = Callable[..., Path]


def errors_of(folder: Path) -> list[NotationError]:
    with pytest.raises(ProgrammeErrors) as raised:
        read_site(folder)
    return raised.value.errors


def home(doors: str = "  - title: Maatje\n    text: Leer.\n    course: proef\n", body: str = "") -> str:
    return (
        f"---\nkey: thuis\ntitle: Thuis\nlead: Welkom.\ndoors:\n{doors}steps_title: Zo\nsteps:\n"
        f"  - title: Lees\n    text: Rustig.\npromises_title: Wij\npromises:\n"
        f"  - title: Van jou\n    text: Altijd.\n---\n{body}"
    )


def page(key: str = "over", slug: str = "over", body: str = "Tekst.\n") -> str:
    return f"---\nkey: {key}\nslug: {slug}\ntitle: Over ons\nlead: Kort.\n---\n{body}"


def test_a_site_is_read_whole(write_site: WriteFolder) -> None:
    assert read_site(write_site({})) == SiteText(
        home=HomeText(
            path="home.md",
            key="thuis",
            title="Leren van elkaar",
            lead="Welkom.",
            doors=(Door("Maatje worden", "Een training.", "Negen avonden", "proef"),),
            steps_title="Zo gaat het",
            steps=(TitledText("Lees", "Rustig aan."),),
            promises_title="Dit beloven we",
            promises=(TitledText("Van jou", "Wat je schrijft blijft van jou."),),
        ),
        catalogue=PageText(
            "catalogue.md", "aanbod", "aanbod", "Aanbod", "Kies.", Paragraphs("", 0, "catalogue.md", 7)
        ),
        pages=(
            PageText(
                "privacy.md",
                "privacy",
                "privacy",
                "Privacy",
                "Kort.",
                Paragraphs("<p>Wij bewaren weinig.</p>", 3, "privacy.md", 7),
            ),
        ),
    )


def test_the_small_text_of_a_door_may_be_left_out(write_site: WriteFolder) -> None:
    assert read_site(write_site({"home.md": home()})).home.doors == (Door("Maatje", "Leer.", "", "proef"),)


@pytest.mark.parametrize(
    ("path", "content", "line", "message"),
    [
        (
            "home.md",
            home(doors="  - Maatje\n"),
            6,
            "Each item of 'doors' must have named fields, such as '- title: ...'.",
        ),
        (
            "home.md",
            home(doors="  - title: Maatje\n    text: Leer.\n"),
            6,
            "The field 'course' is missing. Add it.",
        ),
        (
            "home.md",
            home(doors="  - title: A\n    text: B\n    course: c\n    icon: d\n"),
            9,
            "The field 'icon' is unknown. Remove it or mend its name.",
        ),
        (
            "home.md",
            home(doors="  []\n"),
            6,
            "'doors' must be a list with at least one line that starts with '- '.",
        ),
        (
            "home.md",
            home(body="\nTekst.\n"),
            19,
            "The home page shows its fields only. Move this text into a field.",
        ),
        (
            "home.md",
            None,
            1,
            "This file cannot be read (No such file or directory). Check that it exists and may be read.",
        ),
        ("over.md", page(body="\n"), 7, "This page is empty. Write its text."),
        (
            "over.md",
            page(body="::: read a\n"),
            7,
            "Blocks (:::) belong in lessons only. Write it as text, or move it.",
        ),
        (
            "over.md",
            page(slug="aanbod"),
            3,
            "The slug 'aanbod' is used in catalogue.md already. Choose another.",
        ),
        (
            "over.md",
            page(key="thuis"),
            1,
            "The key 'thuis' is used in home.md already. Every key is used once.",
        ),
        ("logo.png", b"a", 1, "This does not belong here. The site's folder holds .md files only."),
    ],
)
def test_a_mistake_is_reported_on_its_line(
    write_site: WriteFolder, path: str, content: str | bytes | None, line: int, message: str
) -> None:
    assert errors_of(write_site({path: content})) == [NotationError(path, line, message)]


def test_a_site_that_is_not_there_is_an_error_and_no_exception_of_the_system(tmp_path: Path) -> None:
    message = "This folder cannot be read (No such file or directory). Check its name."
    assert errors_of(tmp_path / "site") == [NotationError(".", 1, message)]
