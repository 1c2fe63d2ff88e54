"""What editors fill in about packages."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from media.archives.policy import MB
from media.models import Package
from media.packages.readers import MOST_BYTES
from media.queries.packages import homes_for_packages
from people.models import Organisation, User

# What is read while somebody waits, within the lesson's editor; larger files go by the list of packages.
MOST_AT_ONCE = 40 * MB


class PackageFileField(forms.FileField):
    """An `.h5p` file, or a SCORM package as a zip file. The import looks into it; here only what is quickly seen."""

    endings = (".h5p", ".zip")

    def __init__(self, *, most: int = MOST_BYTES, **kwargs: Any) -> None:
        self.most = most
        kwargs.setdefault("label", gettext_lazy("File"))
        kwargs.setdefault("widget", forms.ClearableFileInput(attrs={"accept": ",".join(self.endings)}))
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> UploadedFile:
        file = super().clean(data, initial)
        if file is None:
            return file
        if PurePath(file.name).suffix.lower() not in self.endings:
            raise ValidationError(
                _("This is no package: its name must end in “.h5p”, or in “.zip” for SCORM.")
            )
        if file.size > self.most:
            raise ValidationError(
                _("The file is too large: at most %(most)s MB.") % {"most": self.most // MB}
            )
        return file


class UploadForm(forms.Form):
    """A new package. Whose it is is only asked where there is a choice."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=255,
        help_text=gettext_lazy("What trainers find it by. Learners do not see it."),
    )
    file = PackageFileField(
        help_text=gettext_lazy(
            "H5P, exported as “.h5p” from Lumi, Moodle or WordPress; or SCORM 1.2 or 2004, exported as “.zip” from an authoring tool."
        )
    )
    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("Organisation"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        homes = homes_for_packages(user)
        self.fields["organisation"].queryset = homes
        if user.is_superuser:
            self.fields["organisation"].required = False
            self.fields["organisation"].empty_label = _("The whole house")
        elif len(homes) == 1:
            del self.fields["organisation"]
            self.only_home = homes[0]

    @property
    def owner(self) -> Organisation | None:
        return self.cleaned_data.get("organisation") or getattr(self, "only_home", None)


class QuickUploadForm(UploadForm):
    """The same from within a lesson's editor, where somebody waits for it."""

    file = PackageFileField(
        most=MOST_AT_ONCE,
        help_text=gettext_lazy(
            "An “.h5p” file, or a SCORM package as “.zip”. Larger files go by “Packages” in the menu."
        ),
    )


class ReplaceForm(forms.Form):
    """A new version of a package."""

    file = PackageFileField(
        help_text=gettext_lazy("The “.h5p” file that takes the place of the one there is.")
    )


class TitleForm(forms.ModelForm):
    class Meta:
        model = Package
        fields = ["title"]
