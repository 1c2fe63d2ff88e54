"""What the editor's forms of sessions and lessons ask, and what they say of what is not finished."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.translation import gettext
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.forms.pages import CopyForm
from wagtail.blocks import StreamBlockValidationError
from wagtail.models import Page
from wagtail.permissions import policy_registry

from cms.blocks.package_activity import PackageBlock
from cms.blocks.starters import still_to_write
from cms.programmes import MAX_MINUTES
from media.models import Handout, Package, Recording

FILES = (Recording, Handout, Package)


def free_slug(wanted: str, neighbours: QuerySet[Page]) -> str:
    """The slug, with a number where a neighbour has it."""
    taken = set(neighbours.values_list("slug", flat=True))
    slug, number = wanted, 1
    while slug and slug in taken:
        number += 1
        slug = f"{wanted}-{number}"
    return slug


class NeutralAddressForm(WagtailAdminPageForm):
    """Nobody reads the slug of such a page: one that is missing or taken is made, where Wagtail refuses it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def clean_slug(self) -> str:
        neighbours = self.parent_page.get_children().exclude(pk=self.instance.pk)
        return free_slug(self.cleaned_data["slug"], neighbours)


class SyllabusCopyForm(CopyForm):
    """A copy is a course, session or lesson of its own. An alias holds no wording: live in the list, taught to nobody."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("alias", None)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.data.get("alias"):  # at a field, since the screen shows no other errors
            self.add_error(
                "new_parent_page",
                gettext("An alias of this page would never reach learners. Make a plain copy."),
            )
        return cleaned


class NeutralAddressCopyForm(SyllabusCopyForm):
    """Nobody reads the slug of such a page: a copy gets one that is free where it goes, and nobody is asked for it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        slug = self.fields["new_slug"]
        slug.required, slug.label, slug.widget = False, "", forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        wanted = self.cleaned_data.get("new_slug") or self.page.slug
        parent = self.cleaned_data.get("new_parent_page") or self.page.get_parent()
        self.cleaned_data["new_slug"] = free_slug(wanted, parent.get_children())
        return super().clean()


class LessonPageForm(NeutralAddressForm):
    """A lesson holds what its writer may choose, or what it held before: banks, recordings, documents and packages."""

    def clean_minutes(self) -> int | None:
        """Within what the text of a programme can say, or its export would be refused."""
        minutes = self.cleaned_data["minutes"]
        if minutes is not None and not 1 <= minutes <= MAX_MINUTES:
            raise ValidationError(
                gettext("Give a whole number of minutes from 1 to %(most)s.") % {"most": MAX_MINUTES}
            )
        return minutes

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        before = type(self.instance).objects.filter(pk=self.instance.pk).first()
        for bank in _banks_in(cleaned.get("body") or ()) - _banks_in(before.body if before else ()):
            if not type(bank).objects.visible_to(self.for_user).filter(pk=bank.pk).exists():
                self.add_error(
                    "body",
                    gettext("A test draws from a question bank of another programme. Choose one of yours."),
                )
        for title in self._foreign_files(cleaned.get("body") or ()):
            self.add_error(
                "body",
                gettext("“%(title)s” belongs to a course of others. Choose a file of yours.")
                % {"title": title},
            )
        _say_that_blocks_are_named(self)
        for sentence in _what_is_wrong(self):
            self.add_error(None, sentence)
        if "body" in self.fields and not self.is_deferred_validation:  # a draft may be unfinished
            for sentence in unwritten_in(self["body"].value() or ()):
                self.add_error(None, sentence)
        return cleaned

    def _foreign_files(self, body: Any) -> Iterator[str]:
        """Titles of what came into the lesson without having been on offer: whoever uses a file may change it."""
        held = _files_in(body)
        foreign = {
            file
            for model, keys in held.items()
            if keys
            for file in model.objects.filter(pk__in=keys).exclude(
                pk__in=_choosable(self.for_user, model).filter(pk__in=keys).values("pk")
            )
        }
        if foreign and self.instance.pk:
            for body_before in _bodies_of(self.instance):
                before = _files_in(body_before)
                foreign = {file for file in foreign if str(file.pk) not in before[type(file)]}
        yield from sorted(file.title for file in foreign)


def _say_that_blocks_are_named(form: WagtailAdminPageForm) -> None:
    """Wagtail's own message of a stream speaks of its code, in English; the blocks are named beside it."""
    for error in form.errors.as_data().get("body", ()):
        if isinstance(error, StreamBlockValidationError):
            error.message = gettext("some blocks are not finished yet.")


def _what_is_wrong(form: WagtailAdminPageForm) -> Iterator[str]:
    """Which blocks of a lesson are not finished, by name and first words: their own message may be out of sight."""
    for error in form.errors.as_data().get("body", ()):
        wrong = getattr(error, "block_errors", None) or {}
        children = list(form["body"].value() or ())
        for number in sorted(number for number in wrong if number < len(children)):
            child = children[number]
            said = " ".join(map(str, getattr(wrong[number], "non_block_errors", ())))
            yield _of_block(number + 1, child, said or gettext("a field in it is not filled in yet."))


def unwritten_in(body: Any) -> Iterator[str]:
    """Which blocks still hold a sentence of the lesson's beginning that waits for a trainer's own words."""
    for number, child in enumerate(body, start=1):
        for line in still_to_write(child.block, child.value):
            what = gettext("“%(line)s” says what to write here. Put your own words in its place.")
            yield _of_block(number, child, what % {"line": line})


def doubts_in(body: Any) -> Iterator[str]:
    """What a trainer should know of blocks that may be published as they are."""
    for number, child in enumerate(body, start=1):
        if isinstance(child.block, PackageBlock):
            for what in child.block.doubts(child.value):
                yield _of_block(number, child, what)


def _of_block(number: int, child: Any, what: str) -> str:
    return gettext("Block %(number)s, “%(kind)s”: %(what)s") % {
        "number": number,
        "kind": child.block.label,
        "what": what,
    }


def _choosable(user: Any, model: type[Model]) -> QuerySet[Any]:
    """What somebody may put into a lesson; `cms.library` tells the registry."""
    policy = policy_registry.get_by_type(model)
    return policy.instances_user_has_any_permission_for(user, {"choose", "change", "delete"})


def _files_in(body: Any) -> dict[type[Model], set[str]]:
    """Keys of the library's files that a lesson holds."""
    found: dict[type[Model], set[str]] = {model: set() for model in FILES}
    if body:
        for model, key, *_path in body.stream_block.extract_references(body):
            if model in found:
                found[model].add(str(key))
    return found


def _bodies_of(page: Any) -> Iterator[Any]:
    """What a lesson held in whichever version, the one that is live first."""
    if live := type(page).objects.filter(pk=page.pk).first():
        yield live.body
    for revision in page.revisions.order_by("-pk").iterator():
        yield revision.as_object().body


def _banks_in(body: Any) -> set[Any]:
    return {child.value["bank"] for child in body if child.block_type == "quiz"} - {None}
