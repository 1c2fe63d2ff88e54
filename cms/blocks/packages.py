"""Choosing interactive content made elsewhere, within a lesson."""

from typing import Any
from uuid import UUID

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import BaseChooser
from wagtail.blocks import ChooserBlock


class PackageChooser(BaseChooser):
    """Opens the list of packages; its screens are in `cms.package_screens.choosing`."""

    model = "media.Package"
    choose_one_text = _("Choose a package")
    choose_another_text = _("Choose another package")
    link_to_chosen_text = _("Look at this package")
    chooser_modal_url_name = "package_chooser:choose"
    icon = "media"

    def get_value_data_from_instance(self, instance: Any) -> dict[str, Any]:
        """What goes to the editor as JSON, which knows no UUID."""
        return super().get_value_data_from_instance(instance) | {"id": str(instance.pk)}


class PackageChooserBlock(ChooserBlock):
    """A package. What it holds is kept as the package's key; which version runs is settled when a lesson is published."""

    target_model = "media.Package"

    @cached_property
    def widget(self) -> PackageChooser:
        return PackageChooser()

    def bulk_to_python(self, values: list[Any]) -> list[Any]:
        """JSON holds keys as text, and rows come by what they are."""
        return super().bulk_to_python([value and UUID(str(value)) for value in values])

    def get_prep_value(self, value: Any) -> str | None:
        return value and str(value.pk)

    class Meta:
        icon = "media"
