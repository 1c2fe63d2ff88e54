"""Editors' screens for certificates: what a course asks, who signs, and which registers count it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet

from certification.forms import REQUIREMENT_FIELDS, RequirementsForm, as_form_data
from certification.models import Accreditation, Register, Scheme, Signatory
from certification.queries import standings
from certification.requirements import DEFAULT
from courses.models import Course, Enrolment, Programme

MOST_BYTES = 1_000_000
MOST_PIXELS = 4_000  # a side
FORMATS = {"PNG", "JPEG"}


class SchemeForm(RequirementsForm, WagtailAdminModelForm):
    """A scheme in plain words: a box per requirement instead of what is stored."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        begins = self.instance.requirements if self.instance.pk else DEFAULT
        for name, value in as_form_data(begins).items():
            self.fields[name].initial = value
            self.initial[name] = value

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


class SignatoryForm(WagtailAdminModelForm):
    """Who signs. The picture is looked into: small, and a picture."""

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


class SchemeViewSet(ModelViewSet):
    model = Scheme
    name = "certificate_schemes"
    url_prefix = "bewijzen/regelingen"
    icon = "doc-full-inverse"
    menu_label = gettext_lazy("What a course asks")
    add_to_reference_index = False
    copy_view_enabled = False
    delete_view_class = RefusingDelete
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
            FieldPanel("signatories", widget=forms.CheckboxSelectMultiple),
        ],
        base_form_class=SchemeForm,
    )


class AccreditationViewSet(ModelViewSet):
    model = Accreditation
    name = "accreditations"
    url_prefix = "bewijzen/accreditaties"
    icon = "tick"
    menu_label = gettext_lazy("Accreditations")
    add_to_reference_index = False
    delete_view_class = RefusingDelete
    list_display = ["scheme", "register", "number", "points", "valid_until"]
    list_filter = ["register"]
    form_fields = [
        *("scheme", "register", "number", "category", "counting", "points", "net_minutes"),
        *("valid_from", "valid_until"),
    ]


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


class SignatoryViewSet(ModelViewSet):
    model = Signatory
    name = "signatories"
    url_prefix = "bewijzen/ondertekenaars"
    icon = "edit"
    menu_label = gettext_lazy("Signatories")
    add_to_reference_index = False
    delete_view_class = RefusingDelete
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


@require_safe
def who_would_get_it(request: HttpRequest, pk: int) -> HttpResponse:
    """How many would have a certificate by this scheme, and by what it might ask instead. Numbers: editors see no people."""
    if not request.user.has_perm("certification.change_scheme"):
        raise PermissionDenied
    scheme = get_object_or_404(Scheme.objects.select_related("course"), pk=pk)
    form = RequirementsForm(request.GET or None, initial=as_form_data(scheme.requirements))
    enrolments = list(
        Enrolment.objects.filter(course=scheme.course)
        .exclude(status=Enrolment.Status.WITHDRAWN)
        .select_related("learner")
    )
    context = {"scheme": scheme, "form": form, "people": len(enrolments), "now": _counts(enrolments, scheme)}
    if form.is_bound and form.is_valid():
        context["then"] = _counts(enrolments, scheme, form.cleaned_data["requirements"])
    return render(request, "cms/editor/who_would_get_it.html", context)


def _counts(
    enrolments: list[Enrolment], scheme: Scheme, requirements: dict[str, Any] | None = None
) -> dict[str, int]:
    known = standings(enrolments, requirements=requirements)
    return {
        "given": sum(each.award is not None for each in known),
        "earned": sum(each.earned for each in known),
        "open": sum(each.award is None and not each.earned for each in known),
    }
