"""Pages that write the syllabus when they go live: course, session, lesson."""

import uuid
from typing import Any

from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from cms.blocks import FACT_BLOCKS, LESSON_BLOCKS, ActivityBlock
from cms.models.lesson_forms import (
    LessonPageForm,
    NeutralAddressCopyForm,
    NeutralAddressForm,
    SyllabusCopyForm,
)
from cms.models.public import CataloguePage
from courses.models import Lesson, Programme, Session

TEXT_FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link"]


def writes_all(user: Any) -> bool:
    """Whether somebody edits the whole catalogue, and so every programme."""
    editable = page_permission_policy.instances_user_has_permission_for(user, "change")
    return user.is_superuser or editable.type(CataloguePage).exists()


def programmes_written_by(user: Any) -> models.QuerySet[Programme]:
    """The programmes of which somebody may write a course; an editor writes them all."""
    if writes_all(user):
        return Programme.objects.all()
    editable = page_permission_policy.instances_user_has_permission_for(user, "change")
    courses = CoursePage.objects.filter(pk__in=editable.values("pk"))
    return Programme.objects.filter(pk__in=courses.values("programme"))


class SyllabusPage(Page):
    """A page whose going live, moving and leaving is written to the syllabus.

    Each door is one transaction with what `cms.receivers` writes: if the syllabus cannot be written, the page stays as
    it was. A scheduled or approved page, a copy and a translation come through the same doors.
    """

    # Sessions and lessons are listed as learners meet them.
    admin_default_ordering = "ord"
    copy_form_class: type[SyllabusCopyForm] = SyllabusCopyForm

    class Meta:
        abstract = True

    @transaction.atomic
    def publish(self, *args: Any, **kwargs: Any) -> Any:
        return super().publish(*args, **kwargs)

    @transaction.atomic
    def unpublish(self, *args: Any, **kwargs: Any) -> Any:
        return super().unpublish(*args, **kwargs)

    @transaction.atomic
    def move(self, *args: Any, **kwargs: Any) -> Any:
        return super().move(*args, **kwargs)

    @transaction.atomic
    def copy(self, *args: Any, **kwargs: Any) -> Any:
        return super().copy(*args, **kwargs)

    @transaction.atomic
    def delete(self, *args: Any, **kwargs: Any) -> Any:
        return super().delete(*args, **kwargs)


class CoursePageForm(WagtailAdminPageForm):
    """A course stays with a programme that one writes: with another, its question banks would come along."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "programme" in self.fields:
            self.fields["programme"].queryset = programmes_written_by(self.for_user)


class CoursePage(SyllabusPage):
    """A course as visitors see it: who it is for, the path of sessions, how to take part."""

    parent_page_types = ["cms.CataloguePage"]
    subpage_types = ["cms.SessionPage"]

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="+", verbose_name=_("programme")
    )
    discreet_title = models.CharField(
        _("neutral title"),
        max_length=255,
        help_text=_("What strangers read on the verification page, and what mail may say."),
    )
    eyebrow = models.CharField(_("who it is for, in a few words"), max_length=120, blank=True)
    lead = models.TextField(_("lead"))
    summary = models.TextField(_("summary"), help_text=_("For the home page and the catalogue."))
    hours_label = models.CharField(
        _("what the hours cover"),
        max_length=60,
        blank=True,
        help_text=_("As on the certificate: “online part”."),
    )
    open_enrolment = models.BooleanField(_("everybody may start"), default=True)
    facts = StreamField(FACT_BLOCKS, verbose_name=_("facts"), blank=True)
    body = RichTextField(_("text"), features=TEXT_FEATURES, blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("programme"),
        FieldPanel("discreet_title"),
        FieldPanel("eyebrow"),
        FieldPanel("lead"),
        FieldPanel("summary"),
        MultiFieldPanel(
            [FieldPanel("facts"), FieldPanel("hours_label"), FieldPanel("open_enrolment")],
            heading=_("Taking part"),
        ),
        FieldPanel("body"),
    ]

    base_form_class = CoursePageForm

    class Meta:
        verbose_name = _("course page")


class NeutralAddressPage(SyllabusPage):
    """A page that learners reach by a neutral address only: no telling slug lands in a browser's history."""

    url_name = ""
    syllabus_model: type[models.Model]

    base_form_class = NeutralAddressForm
    copy_form_class = NeutralAddressCopyForm

    class Meta:
        abstract = True

    def neutral_url(self) -> str | None:
        short_key = (
            self.syllabus_model.objects.filter(key=self.translation_key)
            .values_list("short_key", flat=True)
            .first()
        )
        return reverse(self.url_name, args=[short_key]) if short_key else None

    def get_url_parts(self, request: HttpRequest | None = None) -> Any:
        parts = super().get_url_parts(request)
        url = self.neutral_url()
        return (parts[0], parts[1], url) if parts and url else parts

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Whatever the page's own privacy says, who may read it is settled at the neutral address."""
        return redirect(self.neutral_url() or "/")


class SessionPage(NeutralAddressPage):
    """One session: lessons before, the meeting, lessons after."""

    parent_page_types = ["cms.CoursePage"]
    subpage_types = ["cms.LessonPage"]
    template = "cms/session.html"
    url_name = "session"
    syllabus_model = Session

    touches = models.CharField(_("what it is about, in one line"), max_length=255, blank=True)
    note = models.TextField(
        _("content note"),
        blank=True,
        help_text=_("What this session touches, said plainly, so that people can choose."),
    )
    meeting = models.CharField(
        _("length of the meeting"),
        max_length=120,
        blank=True,
        help_text=_("Leave empty where there is no meeting."),
    )
    meeting_details = models.CharField(
        _("when and where"),
        max_length=255,
        blank=True,
        help_text=_("As learners read it: Thursday 25 March, 19.00."),
    )
    heavy = models.BooleanField(_("a heavy session"), default=False)
    body = RichTextField(_("what happens in the meeting"), features=TEXT_FEATURES, blank=True)
    trainer_notes = RichTextField(
        _("notes for the trainer"),
        features=TEXT_FEATURES,
        blank=True,
        help_text=_("Goals, minute plan, materials and safety. Learners never see this."),
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("touches"),
        FieldPanel("note"),
        MultiFieldPanel(
            [
                FieldPanel("meeting"),
                FieldPanel("meeting_details"),
                FieldPanel("body"),
                FieldPanel("heavy"),
                FieldPanel("trainer_notes"),
                HelpPanel(template="cms/editor/where_notes.html"),
            ],
            heading=_("The meeting"),
        ),
        HelpPanel(template="cms/editor/content_note.html", heading=_("Content note"), icon="warning"),
    ]

    class Meta:
        verbose_name = _("session page")


class LessonPage(NeutralAddressPage):
    """A lesson. Its activity blocks become the activities of the syllabus when it is published."""

    parent_page_types = ["cms.SessionPage"]
    subpage_types: list[str] = []
    template = "cms/lesson_preview.html"
    url_name = "lesson"
    syllabus_model = Lesson

    part = models.CharField(
        _("part of the session"), max_length=10, choices=Lesson.Part.choices, default="whole"
    )
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=10)
    note = models.TextField(
        _("content note"),
        blank=True,
        help_text=_("What this lesson touches. Leave empty if it touches nothing."),
    )
    body = StreamField(LESSON_BLOCKS, verbose_name=_("lesson"), blank=True)

    content_panels = [
        *Page.content_panels,
        FieldRowPanel([FieldPanel("part"), FieldPanel("minutes")]),
        FieldPanel("note"),
        FieldPanel("body"),
        HelpPanel(template="cms/editor/readability.html", heading=_("Readability"), icon="glasses"),
    ]

    base_form_class = LessonPageForm

    class Meta:
        verbose_name = _("lesson page")

    def clean(self) -> None:
        super().clean()
        self.give_blocks_their_own_ids()

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self.give_blocks_their_own_ids()
        super().full_clean(*args, **kwargs)

    def give_blocks_their_own_ids(self) -> None:
        """A block pasted twice would be one activity twice: the second gets an identity of its own."""
        seen: set[str] = set()
        for child in self.body:
            if child.id in seen or not _is_uuid(child.id):
                child.id = str(uuid.uuid4())
            seen.add(child.id)

    def activity_blocks(self) -> list[Any]:
        """The stream children that are activities, in order."""
        return [child for child in self.body if isinstance(child.block, ActivityBlock)]


def _is_uuid(value: object) -> bool:
    try:
        return str(uuid.UUID(str(value))) == value
    except ValueError:
        return False
