"""What strangers may send, and what a scheme may ask."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from certification.requirements import KINDS, RequirementError, Settings, clean
from certification.services.sharing import LENGTHS
from certification.uploads import SeenFile


class FileCheckForm(forms.Form):
    """One PDF. It is never kept: see `certification.uploads`."""

    pdf = forms.FileField(
        label=_("Choose the PDF"),
        max_length=255,
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
        error_messages={
            "required": _("Choose a file first."),
            "invalid": _("Choose a file first."),
            "empty": _("This file is empty."),
            "max_length": _("The name of this file is too long."),
        },
    )

    def clean_pdf(self) -> SeenFile:
        pdf: SeenFile = self.cleaned_data["pdf"]
        if pdf.is_too_large:
            raise ValidationError(
                _("This file is too large: our certificates are never over 5 MB."), code="too_large"
            )
        if not pdf.is_pdf:
            raise ValidationError(_("This is no PDF."), code="no_pdf")
        return pdf


class NameVisibleForm(forms.Form):
    """Whether strangers may read the name."""

    visible = forms.BooleanField(required=False)


def _requirement_fields() -> dict[str, forms.Field]:
    """A box per kind of requirement (`ask_<kind>`), and a field per setting (`<kind>_<name>`)."""
    fields: dict[str, forms.Field] = {}
    for kind, module in KINDS.items():
        fields[f"ask_{kind}"] = forms.BooleanField(label=module.LABEL, required=False)
        for name, setting in getattr(module, "FIELDS", {}).items():
            made = forms.IntegerField if setting.number else forms.BooleanField
            limits = {"min_value": 0, "max_value": 100} if setting.number else {}
            fields[f"{kind}_{name}"] = made(label=setting.label, required=False, **limits)
    return fields


class _RequirementsForm(forms.Form):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                cleaned["requirements"] = clean(_asked(cleaned))
            except RequirementError as error:
                self.add_error(None, str(error))
        return cleaned


# The fields are declared, not added: a form of a model takes no others.
RequirementsForm = type(
    "RequirementsForm",
    (_RequirementsForm,),
    {
        "__doc__": "What a scheme asks. Valid, it has `cleaned_data['requirements']`, as a scheme keeps them.",
        "__module__": __name__,
        **_requirement_fields(),
    },
)
REQUIREMENT_FIELDS = tuple(RequirementsForm.base_fields)


def _asked(cleaned: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        kind: {name: cleaned.get(f"{kind}_{name}") for name in getattr(module, "FIELDS", {})}
        for kind, module in KINDS.items()
        if cleaned.get(f"ask_{kind}")
    }


def as_form_data(requirements: Mapping[str, Settings]) -> dict[str, Any]:
    """What a `RequirementsForm` begins with for a scheme that asks this."""
    data: dict[str, Any] = {}
    for kind, settings in requirements.items():
        data[f"ask_{kind}"] = True
        data |= {f"{kind}_{name}": value for name, value in settings.items()}
    return data


class ShareForm(forms.Form):
    """How long a link to one's certificate works."""

    days = forms.TypedChoiceField(coerce=int, choices=[(days, days) for days in LENGTHS])
