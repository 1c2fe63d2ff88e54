"""Video, audio and documents in a lesson: chosen from the library, with a sentence that says what for."""

from types import SimpleNamespace
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtailmedia.blocks import AudioChooserBlock, VideoChooserBlock

from .activity import ActivityBlock

GROUP_FILES = _("Video, audio and documents")
SAMPLE = {"pk": 0, "title": "", "duration": 93.0, "ending": "mp4", "language": "nl", "captions": ""}


class RecordingFields(ActivityBlock):
    """What video and audio share."""

    question = blocks.TextBlock(
        label=_("What to look or listen for"),
        rows=2,
        help_text=_("One or two sentences above the recording: what it is, and what to pay attention to."),
    )

    def fields_of(self, value: Any) -> dict[str, Any]:
        chosen = value.get("recording")
        recording = chosen and {
            "id": chosen.pk,
            "ending": chosen.ending,
            "seconds": chosen.duration,
            "language": chosen.language,
            "captions": bool(chosen.captions),
            "transcript": chosen.transcript,
        }
        return {"question": value["question"], "recording": recording}

    def get_preview_value(self) -> Any:
        """With a recording that is none, so that the block chooser shows what learners will see."""
        value = super().get_preview_value()
        value["recording"] = SimpleNamespace(**SAMPLE, transcript=str(_("Mirjam: ‘How are you?’")))
        return value


class VideoBlock(RecordingFields):
    kind = "video"
    recording = VideoChooserBlock(
        label=_("Video"),
        help_text=_("Upload it with captions and a transcript, so that everybody can follow it."),
    )

    class Meta:
        icon = "wagtailmedia-video"
        label = _("Video")
        group = GROUP_FILES
        description = _(
            "A video of your own, with captions and a transcript. It counts once most of it was played."
        )
        preview_value = {"required": True, "question": _("Watch the talk. What does Mirjam not ask?")}


class AudioBlock(RecordingFields):
    kind = "audio"
    recording = AudioChooserBlock(
        label=_("Recording"),
        help_text=_("Upload it with a transcript, so that everybody can follow it."),
    )

    class Meta:
        icon = "wagtailmedia-audio"
        label = _("Audio")
        group = GROUP_FILES
        description = _("Something to listen to, with a transcript. It counts once most of it was played.")
        preview_value = {
            "required": True,
            "question": _("Listen with your eyes closed, if that feels right."),
        }


class DownloadBlock(ActivityBlock):
    kind = "download"
    question = blocks.TextBlock(label=_("What it is, and what to do with it"), rows=2)
    document = DocumentChooserBlock(label=_("Document"))
    statement = blocks.CharBlock(label=_("Text of the button"), max_length=120, default="Ik heb dit")

    def fields_of(self, value: Any) -> dict[str, Any]:
        chosen = value.get("document")
        document = chosen and {"id": chosen.pk, "ending": chosen.ending, "size": chosen.size}
        return {"question": value["question"], "statement": value["statement"], "document": document}

    def get_preview_value(self) -> Any:
        value = super().get_preview_value()
        value["document"] = SimpleNamespace(pk=0, ending="pdf", size=48_000)
        return value

    class Meta:
        icon = "doc-full"
        label = _("Document to take along")
        group = GROUP_FILES
        description = _("A worksheet or a hand-out to save or print.")
        preview_value = {
            "required": True,
            "question": _("Your support map, to print."),
            "statement": _("I have it"),
        }


FILE_BLOCKS = [("video", VideoBlock()), ("audio", AudioBlock()), ("download", DownloadBlock())]
