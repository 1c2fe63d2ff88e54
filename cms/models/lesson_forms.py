"""What the editor's forms of sessions and lessons ask, and what they say of what is not finished."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.forms.pages import CopyForm
from wagtail.blocks import StreamBlockValidationError
from wagtail.models import Page

from cms.blocks.starters import still_to_write


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


class NeutralAddressCopyForm(CopyForm):
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
    """A test draws from a bank that its writer may read, or from the one that it drew from before."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        before = type(self.instance).objects.filter(pk=self.instance.pk).first()
        for bank in _banks_in(cleaned.get("body") or ()) - _banks_in(before.body if before else ()):
            if not type(bank).objects.visible_to(self.for_user).filter(pk=bank.pk).exists():
                self.add_error(
                    "body",
                    gettext("A test draws from a question bank of another programme. Choose one of yours."),
                )
        _say_that_blocks_are_named(self)
        for sentence in _what_is_wrong(self):
            self.add_error(None, sentence)
        if "body" in self.fields and not self.is_deferred_validation:  # a draft may be unfinished
            for sentence in unwritten_in(self["body"].value() or ()):
                self.add_error(None, sentence)
        return cleaned


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
            yield gettext("Block %(number)s, “%(kind)s”: %(what)s") % {
                "number": number + 1,
                "kind": child.block.label,
                "what": said or gettext("a field in it is not filled in yet."),
            }


def unwritten_in(body: Any) -> Iterator[str]:
    """Which blocks still hold a sentence of the lesson's beginning that waits for a trainer's own words."""
    for number, child in enumerate(body, start=1):
        for line in still_to_write(child.block, child.value):
            what = gettext("“%(line)s” says what to write here. Put your own words in its place.")
            yield gettext("Block %(number)s, “%(kind)s”: %(what)s") % {
                "number": number,
                "kind": child.block.label,
                "what": what % {"line": line},
            }


def _banks_in(body: Any) -> set[Any]:
    return {child.value["bank"] for child in body if child.block_type == "quiz"} - {None}
