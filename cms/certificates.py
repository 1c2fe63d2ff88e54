"""Editors' screens for certificates: what a course asks, who signs, and which registers count it."""

from collections.abc import Callable
from decimal import Decimal
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.contrib.auth import get_permission_codename
from django.core.exceptions import ValidationError
from django.db.models import Model, ProtectedError, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet

from certification.forms import REQUIREMENT_FIELDS, RequirementsForm, as_form_data
from certification.models import Accreditation, Register, Scheme, Signatory
from certification.requirements import DEFAULT
from courses.models import Course, Programme
from people.models import Organisation, Role

MOST_BYTES = 1_000_000
MOST_PIXELS = 4_000  # a side
FORMATS = {"PNG", "JPEG"}


def edited_by(user: Any) -> QuerySet[Organisation]:
    """The organisations that somebody edits for."""
    if user.is_superuser:
        return Organisation.objects.all()
    return Organisation.objects.filter(memberships__user=user, memberships__role=Role.EDITOR).distinct()


class SchemeForm(RequirementsForm, WagtailAdminModelForm):
    """A scheme in plain words: a box per requirement instead of what is stored."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        begins = self.instance.requirements if self.instance.pk else DEFAULT
        for name, value in as_form_data(begins).items():
            self.fields[name].initial = value
            self.initial[name] = value
        self._keep_to_own_organisations()

    def _keep_to_own_organisations(self) -> None:
        """Courses and signatures of the organisations that somebody edits for; who signs already stays to be seen."""
        own = edited_by(self.for_user)
        courses, signatories = self.fields["course"], self.fields["signatories"]
        courses.queryset = courses.queryset.filter(programme__organisation__in=own)
        signing = self.instance.signatories.values("pk") if self.instance.pk else Signatory.objects.none()
        signatories.queryset = signatories.queryset.filter(Q(organisation__in=own) | Q(pk__in=signing))

    def clean_valid_until(self) -> Any:
        until = self.cleaned_data["valid_until"]
        if until is not None and "valid_until" in self.changed_data and until < timezone.localdate():
            raise ValidationError(_("This date has passed: whatever is issued would have expired already."))
        return until

    def clean_refresher(self) -> Course | None:
        refresher = self.cleaned_data["refresher"]
        if refresher is not None and refresher == self.cleaned_data.get("course"):
            raise ValidationError(
                _("Doing the same course again renews it anyway. Choose another course, or none.")
            )
        return refresher

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        course = cleaned.get("course")
        self._clean_renewal(cleaned)
        if (
            course
            and cleaned.get("neutral") is False
            and course.programme.audience == Programme.Audience.EXPERIENCE
        ):
            self.add_error(
                "neutral",
                _(
                    "The title of this course tells why somebody took part. Paper and proof page bear the neutral one."
                ),
            )
        return cleaned

    def _clean_renewal(self, cleaned: dict[str, Any]) -> None:
        """What is left half open is said at its own field; what can never happen, where it was asked."""
        register, points = cleaned.get("renewal_register"), cleaned.get("renewal_points")
        if register and not points and "renewal_points" not in self.errors:
            self.add_error("renewal_points", _("How many points renew it? Fill in a number above zero."))
        if points is not None and not register and "renewal_register" not in self.errors:
            self.add_error("renewal_register", _("In which register? Choose one, or leave the points empty."))
        ends = cleaned.get("valid_months") or cleaned.get("valid_until")
        for name in ("refresher", "renewal_register"):
            if cleaned.get(name) and not ends and not self.errors:
                self.add_error(
                    name,
                    _("This certificate has no end, so nothing renews it. Say first how long it is valid."),
                )

    def save(self, commit: bool = True) -> Scheme:
        self.instance.requirements = self.cleaned_data["requirements"]
        return super().save(commit=commit)


class AccreditationForm(WagtailAdminModelForm):
    """That a register counts a course of one's own organisation."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scheme"].queryset = Scheme.objects.visible_to(self.for_user)

    def clean_points(self) -> Decimal:
        points = self.cleaned_data["points"]
        if points <= 0:
            raise ValidationError(_("How many points does it bring? Fill in a number above zero."))
        return points


class SignatoryForm(WagtailAdminModelForm):
    """Who signs for one's own organisation. The picture is looked into: small, and a picture."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = edited_by(self.for_user)

    def clean_image(self) -> Any:
        image = self.cleaned_data["image"]
        if "image" not in self.changed_data or not image:
            return image
        if image.size > MOST_BYTES:
            raise ValidationError(_("This picture is too large: at most 1 MB."))
        # Django opened it, and read no more than what it says about itself.
        if image.image.format not in FORMATS:
            raise ValidationError(_("Choose a PNG or JPEG."))
        if max(image.image.size) > MOST_PIXELS:
            raise ValidationError(_("This picture is too large: at most 4,000 by 4,000 pixels."))
        return image


class RefusingDelete(generic.DeleteView):
    """What something else rests on stays; who wanted it gone is told why."""

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            return super().form_valid(form)
        except ProtectedError:
            messages.error(
                self.request,
                _("“%(title)s” cannot be deleted: something that was issued or planned rests on it.")
                % {"title": self.object},
            )
            return redirect(self.edit_url_name, self.object.pk)


def _who_link(scheme: Scheme) -> str:
    return format_html('<a href="{}">{}</a>', reverse("who_would_get_it", args=[scheme.pk]), _("Look"))


def only_own(model: type[Model], view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Any screen about one object: 404 where it belongs to an organisation that one does not edit for."""
    permission = f"{model._meta.app_label}.{get_permission_codename('change', model._meta)}"

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # Who edits none at all is turned away by the screen itself.
        if "pk" in kwargs and request.user.has_perm(permission):
            get_object_or_404(model.objects.visible_to(request.user), pk=unquote(str(kwargs["pk"])))
        return view(request, *args, **kwargs)

    return guarded


class OwnList(generic.IndexView):
    """Those of the organisations that somebody edits for."""

    # What of others its columns name: asked for at once.
    columns_name: tuple[str, ...]

    def get_base_queryset(self) -> QuerySet[Any]:
        return self.model.objects.visible_to(self.request.user).select_related(*self.columns_name)


class OwnViewSet(ModelViewSet):
    """What belongs to an organisation: every screen shows and changes only that of the organisations one edits for."""

    add_to_reference_index = False
    delete_view_class = RefusingDelete

    def get_urlpatterns(self) -> list[URLPattern]:
        patterns = super().get_urlpatterns()
        for pattern in patterns:
            pattern.callback = only_own(self.model, pattern.callback)
        return patterns


def papers_of(scheme: Scheme | None) -> list[tuple[str, list[tuple[str, str]]]]:
    """The papers that can be seen of a scheme's form: per language, the kinds of name, and where each is made."""
    names = {"gewoon": _("an ordinary name"), "lang": _("the longest name"), "kort": _("a short name")}
    door, keys = ("scheme_paper", [scheme.pk]) if scheme else ("new_scheme_paper", [])
    return [
        (said, [(label, reverse(door, args=[*keys, language, name])) for name, label in names.items()])
        for language, said in (("nl", _("The document in Dutch")), ("en", _("The document in English")))
    ]


class NewScheme(generic.CreateView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, papers=papers_of(None))


class OneScheme(generic.EditView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, papers=papers_of(self.object))


class OwnSchemes(OwnList):
    columns_name = ("course",)


class SchemeViewSet(OwnViewSet):
    model = Scheme
    index_view_class = OwnSchemes
    add_view_class = NewScheme
    edit_view_class = OneScheme
    create_template_name = "cms/editor/scheme_create.html"
    edit_template_name = "cms/editor/scheme_edit.html"
    name = "certificate_schemes"
    url_prefix = "bewijzen/regelingen"
    icon = "doc-full-inverse"
    menu_label = gettext_lazy("What a course asks")
    copy_view_enabled = False
    list_display = [
        "course",
        Column("get_paper_display", label=gettext_lazy("Paper")),
        Column("who", label=gettext_lazy("Who gets it"), accessor=_who_link),
    ]
    edit_handler = ObjectList(
        [
            FieldPanel("course"),
            MultiFieldPanel(
                [
                    HelpPanel(
                        gettext_lazy(
                            "Tick what somebody has to do. Learners read this list in their course from the first day. "
                            "Changing it takes no certificate away from anybody."
                        )
                    ),
                    *(FieldPanel(name) for name in REQUIREMENT_FIELDS),
                ],
                heading=gettext_lazy("What it asks"),
            ),
            MultiFieldPanel(
                [FieldPanel("paper"), FieldPanel("handing"), FieldPanel("neutral")],
                heading=gettext_lazy("The certificate"),
            ),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("valid_months"), FieldPanel("valid_until")]),
                    HelpPanel(
                        gettext_lazy(
                            "Doing the same course once more renews it, in an enrolment of its own: the earlier answers "
                            "stay as they are. You may add shorter ways. A new certificate goes on from the end of the "
                            "old one, so that who is in time loses no days. Holders are told 90, 30 and 7 days before."
                        )
                    ),
                    FieldPanel("renewal_days"),
                    FieldPanel("refresher"),
                    FieldRowPanel([FieldPanel("renewal_register"), FieldPanel("renewal_points")]),
                ],
                heading=gettext_lazy("How long it is valid, and how it is renewed"),
            ),
            FieldPanel(
                "signatories",
                widget=forms.CheckboxSelectMultiple,
                help_text=gettext_lazy("A document has room for two: of more, the first two of this list."),
            ),
        ],
        base_form_class=SchemeForm,
    )


def scheme_form_class() -> type[SchemeForm]:
    """The form by which schemes are edited, as Wagtail makes it of the panels."""
    return SchemeViewSet.edit_handler.bind_to_model(Scheme).get_form_class()


class OwnAccreditations(OwnList):
    columns_name = ("scheme__course", "register")


class AccreditationViewSet(OwnViewSet):
    model = Accreditation
    index_view_class = OwnAccreditations
    name = "accreditations"
    url_prefix = "bewijzen/accreditaties"
    icon = "tick"
    menu_label = gettext_lazy("Accreditations")
    list_display = ["scheme", "register", "number", "points", "valid_until"]
    list_filter = ["register"]
    edit_handler = ObjectList(
        [
            FieldPanel(name)
            for name in (
                *("scheme", "register", "number", "category", "counting", "points", "net_minutes"),
                *("valid_from", "valid_until"),
            )
        ],
        base_form_class=AccreditationForm,
    )


class RegisterViewSet(ModelViewSet):
    model = Register
    name = "registers"
    url_prefix = "bewijzen/registers"
    icon = "list-ul"
    menu_label = gettext_lazy("Registers")
    add_to_reference_index = False
    delete_view_class = RefusingDelete
    list_display = ["name", "number_prefix", "digits_least", "digits_most", "points_needed"]
    form_fields = ["name", "number_prefix", "digits_least", "digits_most", "period_months", "points_needed"]


class OwnSignatories(OwnList):
    columns_name = ("organisation",)


class SignatoryViewSet(OwnViewSet):
    model = Signatory
    index_view_class = OwnSignatories
    name = "signatories"
    url_prefix = "bewijzen/ondertekenaars"
    icon = "edit"
    menu_label = gettext_lazy("Signatories")
    list_display = ["name", "function", "organisation"]
    edit_handler = ObjectList(
        [
            FieldPanel("organisation"),
            FieldPanel("name"),
            FieldPanel("function"),
            # No link to the file: it has no address.
            FieldPanel("image", widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"})),
        ],
        base_form_class=SignatoryForm,
    )


class CertificatesGroup(ViewSetGroup):
    menu_label = gettext_lazy("Certificates")
    menu_icon = "doc-full-inverse"
    menu_order = 260
    items = (SchemeViewSet, AccreditationViewSet, SignatoryViewSet, RegisterViewSet)
