"""Uploading in the editor: a recording with its captions and transcript, and a document."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.documents.forms import BaseDocumentForm
from wagtailmedia.forms import BaseMediaForm

from media.recordings import MOST_CAPTIONS, NotWebVTT, captions_of, transcript_of
from media.services.recordings import (
    Inspected,
    NotTaken,
    inspected_document,
    inspected_recording,
    megabytes,
)


class TitledByFile:
    """A title that was left empty is the name of the file, without its ending."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk and "title" in self.fields:
            self.fields["title"].required = False
            self.fields["title"].help_text = _(
                "By this you find it again, as do trainers of courses that use it. Leave it empty for the name of the file."
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        upload = cleaned.get("file")
        if isinstance(upload, UploadedFile) and not cleaned.get("title"):
            words = " ".join(PurePath(upload.name).stem.replace("_", " ").split())
            cleaned["title"] = words[: self.instance._meta.get_field("title").max_length]
        return cleaned


class RecordingForm(TitledByFile, BaseMediaForm):
    """A new file is looked into; the file of a recording that is there does not change any more."""

    captions_file = forms.FileField(
        label=gettext_lazy("Captions (WebVTT)"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".vtt,text/vtt"}),
        help_text=gettext_lazy(
            "For who does not hear it, or listens without sound. A new file takes the place of the old."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._found: Inspected | None = None
        if self.instance.pk:
            self.fields.pop("file", None)
        else:
            self.fields["file"].help_text = _("At most %(most)s MB: %(endings)s.") % {
                "most": megabytes(settings.RECORDING_MOST_BYTES),
                "endings": self.get_file_accept_value(self.instance.type).replace(",", " "),
            }
        if "duration" in self.fields:
            self.fields["duration"].required = False
            self.fields["duration"].help_text = _("In seconds. Leave it empty: most files say it themselves.")
        if self.instance.pk and self.instance.captions and "captions_file" in self.fields:
            self.fields["captions_file"].help_text = _("There are captions. A new file takes their place.")

    def clean_file(self) -> UploadedFile:
        upload = self.cleaned_data["file"]
        try:
            self._found = inspected_recording(
                file=upload, name=upload.name, size=upload.size, kind=self.instance.type
            )
        except NotTaken as refused:
            raise ValidationError(str(refused)) from refused
        return upload

    def clean_captions_file(self) -> str | None:
        upload = self.cleaned_data.get("captions_file")
        if not upload:
            return None
        try:
            return captions_of(upload.read(MOST_CAPTIONS + 1))
        except NotWebVTT as refused:
            raise ValidationError(
                _("Line %(line)s: %(reason)s"), params={"line": refused.line, "reason": refused.reason}
            ) from refused

    def clean_transcript(self) -> str:
        return self.cleaned_data["transcript"].replace("\r\n", "\n").strip()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        known = self._found.duration if self._found else self.instance.duration
        cleaned["duration"] = cleaned.get("duration") or known
        if not cleaned["duration"] and (self._found or self.instance.pk):
            self.add_error("duration", _("This file does not say how long it lasts. Fill in the seconds."))
        elif not cleaned["duration"]:
            cleaned["duration"] = 1.0  # the file is refused: of its seconds nothing is said beside that
        captions = cleaned.get("captions_file")
        if captions and not cleaned.get("transcript"):
            cleaned["transcript"] = transcript_of(captions)
        return cleaned

    def save(self, commit: bool = True) -> Any:
        recording = self.instance
        recording.by_hand = True
        if self._found:
            recording.sha256, recording.size = self._found.sha256, self._found.size
        if captions := self.cleaned_data.get("captions_file"):
            recording.captions = captions
        return super().save(commit=commit)


class DocumentForm(TitledByFile, BaseDocumentForm):
    """A new file is looked into; the file of a document that is there does not change any more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._found: Inspected | None = None
        if self.instance.pk:
            self.fields.pop("file", None)

    def clean_file(self) -> UploadedFile:
        upload = self.cleaned_data["file"]
        try:
            self._found = inspected_document(file=upload, name=upload.name, size=upload.size)
        except NotTaken as refused:
            raise ValidationError(str(refused)) from refused
        return upload

    def save(self, commit: bool = True) -> Any:
        self.instance.by_hand = True
        if self._found:
            self.instance.sha256, self.instance.size = self._found.sha256, self._found.size
        return super().save(commit=commit)
