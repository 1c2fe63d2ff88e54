"""What every block of an activity has: its identity, what counts, and the equal alternative."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import BlockGroup

from courses.activities import SpecificationError, draw, kind_of, specify
from courses.presentation import OWN_BUTTON


def list_items(value: Any) -> list[dict[str, Any]]:
    """A list block's values with their stable ids."""
    return [{**child.value, "id": child.id} for child in value.bound_blocks]


class ActivityBlock(blocks.StructBlock):
    """Something to do. Its block id is the activity's identity: records of learners hang on it."""

    kind = ""

    required = blocks.BooleanBlock(
        label=_("Counts for finishing the lesson"),
        required=False,
        default=True,
        help_text=_("Switch off to let learners skip it."),
    )

    alternative = blocks.TextBlock(
        label=_("Equal alternative"),
        rows=2,
        required=False,
        default="",
        help_text=_(
            "For who would rather not do this: what to read or think about instead. Choosing it counts the same. "
            "Write one where this comes close to people’s own lives."
        ),
    )

    def get_form_layout(self) -> BlockGroup:
        """What is the same for every activity waits behind the settings button: the question comes first."""
        settings = ["required", "alternative"]
        return BlockGroup([name for name in self.child_blocks if name not in settings], settings=settings)

    def fields_of(self, value: Any) -> dict[str, Any]:
        """The author's fields as plain JSON types."""
        return dict(value)

    def specification(self, value: Any) -> dict[str, Any]:
        """The frozen form of this activity. Raises `SpecificationError`."""
        return specify(self.kind, {**self.fields_of(value), "alternative": value.get("alternative")})

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if self.is_deferred_validation:
            return cleaned  # a draft may be unfinished
        try:
            self.specification(cleaned)
        except SpecificationError as error:
            raise blocks.StructBlockValidationError(
                non_block_errors=[ValidationError(str(message)) for message in error.messages]
            ) from error
        return cleaned

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """In preview and in the block's own rendering: the form as a learner first sees it, with nothing to send."""
        context = super().get_context(value, parent_context)
        kind = kind_of(self.kind)
        try:
            form = kind.form(draw(self.kind, self.specification(value), "preview"), None)
        except SpecificationError:
            form = None
        context["activity"] = {
            "kind": self.kind,
            "form": form,
            "required": value.get("required"),
            "alternative": value.get("alternative"),
            "private": kind.PRIVATE,
            "has_own_button": self.kind in OWN_BUTTON,
            "preview": True,
        }
        return context

    class Meta:
        label_format = "{question}"  # what stands beside the block’s name in the editor
        template = "cms/activities/activity.html"
        preview_template = "cms/blocks/preview.html"
