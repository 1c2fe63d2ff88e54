"""Identities and the keys that stand for them; what must not be taken from elsewhere."""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from wagtail.models import Page

from cms.loading.results import IdentityTaken
from cms.models import (
    CoursePage,
    TextKey,
)
from cms.programmes import (
    ProgrammeText,
)
from cms.programmes.identity import (
    activity_identity,
    bank_name,
    field_identity,
    is_identity,
    page_identity,
)
from cms.programmes.messages import Message


def names_in(text: ProgrammeText) -> Iterator[list[tuple[uuid.UUID, str]]]:
    """Identities and the keys that this text gives them, by what each is unique in.

    Pages and banks in the programme, questions in their bank, activities in their lesson, and what a worksheet asks in
    that worksheet.
    """
    lessons = [lesson for session in text.sessions for lesson in session.lessons]
    pages = [
        (page_identity(f"{text.key}:{page.key}", page.identity), page.key)
        for page in (text.course, *text.sessions, *lessons)
    ]
    yield pages + [
        (page_identity(bank_name(text.key, bank.key), bank.identity), bank.key) for bank in text.banks
    ]
    for bank in text.banks:
        scope = bank_name(text.key, bank.key)
        yield [(activity_identity(scope, question.key), question.key) for question in bank.questions]
    for lesson in lessons:
        scope = f"{text.key}:{lesson.key}"
        yield [(activity_identity(scope, activity.key), activity.key) for activity in lesson.activities]
        for activity in lesson.activities:
            asked = [row["key"] for row in activity.fields.get("fields", ())]
            yield [(field_identity(f"{scope}#{activity.key}", key), key) for key in asked]


def refuse_twice(names: Iterable[tuple[uuid.UUID, str]]) -> None:
    """Two things of one place with one identity would be one thing twice, as where a line was copied with its id.

    In another place it is another thing: a lesson copied in Wagtail keeps the ids of its activities.
    """
    seen: set[uuid.UUID] = set()
    for identity, key in names:
        if identity in seen:
            raise IdentityTaken(
                Message(
                    "Two texts have the identity %(identity)s (“%(key)s”). Give one an id of its own.",
                    identity=identity,
                    key=key,
                )
            )
        seen.add(identity)


def remember(names: Iterable[tuple[uuid.UUID, str]]) -> None:
    """Keep the keys, which cannot be told from the identities made of them."""
    # By identity: PostgreSQL refuses to write a row twice at once, and a page may state the identity of an activity.
    keys = {identity: key for identity, key in names if not is_identity(key)}
    rows = [TextKey(identity=identity, key=key) for identity, key in keys.items()]
    TextKey.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["identity"], update_fields=["key"]
    )


def refuse_other_course(page: Page, parent: Page, values: Mapping[str, Any]) -> None:
    """A text may take along what is its own; an identity copied from another course must not carry that page off."""
    course = parent.get_ancestors(inclusive=True).type(CoursePage).last()
    if isinstance(page, CoursePage):
        is_own = page.programme == values["programme"]
    else:
        is_own = course is not None and page.is_descendant_of(course)
    if not is_own:
        raise IdentityTaken(
            Message(
                "The identity %(identity)s belongs to “%(title)s” in another course.",
                identity=page.translation_key,
                title=page.title,
            )
        )
