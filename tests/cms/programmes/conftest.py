"""Folders on disk that are sound but for what a test replaces."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from cms.programmes import NotationError, ProgrammeErrors, read_programme
from cms.programmes.messages import Message
from tests.cms.programmes.sound_files import (
    LESSON_HEAD,
    LESSON_PATH,
    PROGRAMME_FILES,
    SITE_FILES,
    write_files,
)

WriteFolder = Callable[[Mapping[str, str | bytes | None]], Path]


@pytest.fixture
def write_programme(tmp_path: Path) -> WriteFolder:
    return lambda files: write_files(tmp_path / "programme", {**PROGRAMME_FILES, **files})


@pytest.fixture
def write_site(tmp_path: Path) -> WriteFolder:
    return lambda files: write_files(tmp_path / "site", {**SITE_FILES, **files})


@pytest.fixture
def write_lesson_body(write_programme: WriteFolder) -> Callable[[str], Path]:
    """The programme with this lesson body, which starts on line 7 of its file."""
    return lambda body: write_programme({LESSON_PATH: LESSON_HEAD + body})


@pytest.fixture
def find_errors() -> Callable[[Path], list[NotationError]]:
    """The errors for which a programme is refused."""

    def find(folder: Path) -> list[NotationError]:
        with pytest.raises(ProgrammeErrors) as raised:
            read_programme(folder)
        assert {type(error.message) for error in raised.value.errors} == {Message}  # else it stays English
        return raised.value.errors

    return find
