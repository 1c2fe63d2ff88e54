"""What strangers may send: a file to compare."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

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
