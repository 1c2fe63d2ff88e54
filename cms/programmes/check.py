"""`python -m cms.programmes.check FOLDER`: what is wrong in a programme, how long it takes, where it reads heavily.

A folder named site, or with a home.md, is read as the site's own pages. Exit status 1 on any error, or where minutes do not agree.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from cms.programmes.errors import ProgrammeErrors
from cms.programmes.folder import read_programme
from cms.programmes.minutes import PART_RANGES, lesson_minutes, part_minutes, round_minutes
from cms.programmes.notation import FileText, LessonText, ProgrammeText, SessionText
from cms.programmes.plain_language import find_long_sentences
from cms.programmes.site import read_site

MINUTES_TOLERANCE = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the report; returns the exit status, 0 or 1."""
    parser = argparse.ArgumentParser(
        prog="python -m cms.programmes.check", description="Check a programme's files."
    )
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args(arguments).folder
    is_site = folder.resolve().name == "site" or (folder / "home.md").exists()
    problems = 0
    try:
        if is_site:
            site = read_site(folder)
            summary = f"{len(site.pages) + 2} pages"
        else:
            programme = read_programme(folder)
            problems = _print_minutes(programme)
            lessons = sum(len(session.lessons) for session in programme.sessions)
            for bank in programme.banks:
                print(f"{bank.path}: {len(bank.questions)} questions")
            summary = f"{len(programme.sessions)} sessions, {lessons} lessons"
    except ProgrammeErrors as broken:
        for error in broken.errors:
            print(error)
        problems = len(broken.errors)
        summary = "not read"
    hints = find_long_sentences(folder)
    for hint in hints:
        print(hint)
    print(f"{folder}: {summary}, {problems} errors, {len(hints)} hints")
    return 1 if problems else 0


def check_lesson(lesson: LessonText, files: Iterable[FileText] = ()) -> str | None:
    """What is wrong with the minutes of a lesson, or None."""
    computed = round_minutes(lesson_minutes(lesson, files))
    if abs(computed - lesson.minutes) <= MINUTES_TOLERANCE:
        return None
    return f"the text takes {computed} minutes and 'minutes' says {lesson.minutes}. Change one of the two."


def check_parts(session: SessionText, files: Iterable[FileText] = ()) -> Iterator[str]:
    """What is wrong with the parts of a session that has a meeting, as the text has it and as it is stated."""
    if not session.meeting:
        return
    computed = part_minutes(session, files)
    for part, (lowest, highest) in PART_RANGES.items():
        stated = sum(lesson.minutes for lesson in session.lessons if lesson.part == part)
        for minutes, what in ((round_minutes(computed.get(part, 0.0)), "take"), (stated, "state")):
            if not lowest <= minutes <= highest:
                yield f"the lessons of '{part}' {what} {minutes} minutes together. Make it {lowest} to {highest}."


def _print_minutes(programme: ProgrammeText) -> int:
    """Print the minutes of every lesson and part; returns the number of problems."""
    problems = 0
    for session in programme.sessions:
        for lesson in session.lessons:
            print(
                f"{lesson.path}: {lesson_minutes(lesson, programme.files):.1f} minutes, stated {lesson.minutes} ({lesson.part})"
            )
            if problem := check_lesson(lesson, programme.files):
                problems += 1
                print(f"{lesson.path}:1: {problem}")
        for part, minutes in part_minutes(session, programme.files).items():
            print(f"{session.path}: {part} {minutes:.1f} minutes")
        for problem in check_parts(session, programme.files):
            problems += 1
            print(f"{session.path}:1: {problem}")
    return problems


if __name__ == "__main__":
    sys.exit(main())
