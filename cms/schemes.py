"""What comes of a scheme before it is kept: the paper, and who would get it."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from certification.forms import RequirementsForm, as_form_data
from certification.models import Scheme
from certification.pictures import PictureRefused
from certification.queries import Comparison, Outlook, Prospect, compare
from cms.certificates import scheme_form_class
from courses.models import Enrolment

A_PAGE = 50
# Numbers, dates and choices: whatever is longer was not typed into that form.
LONGEST_VALUE = 20
# What of a scheme's form shows on its paper. The rest may be unfinished while somebody looks.
ON_PAPER = ("course", "paper", "neutral", "valid_months", "valid_until", "signatories")


class TryingForm(RequirementsForm):
    """All of a scheme that decides who gets it, by the names it has in the scheme's own form."""

    handing = forms.ChoiceField(label=gettext_lazy("handed out"), choices=Scheme.Handing.choices)
    valid_until = forms.DateField(
        label=gettext_lazy("valid until"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def as_scheme(self, stored: Scheme) -> Scheme:
        """The scheme as it might become. It is not in the database."""
        return Scheme(
            course=stored.course,
            requirements=self.cleaned_data["requirements"],
            handing=self.cleaned_data["handing"],
            valid_until=self.cleaned_data["valid_until"],
        )


@require_http_methods(["GET", "HEAD", "POST"])
def who_would_get_it(request: HttpRequest, pk: int) -> HttpResponse:
    """Every learner by the scheme as it is and as it might become, by the name they chose for this course.

    POST takes the scheme's own form, saves nothing, and leads to the address of what it would ask: that can be leafed
    through and looked at again.
    """
    scheme = get_object_or_404(_own_schemes(request), pk=pk)
    if request.method == "POST":
        asked = {
            name: value[:LONGEST_VALUE]
            for name, value in request.POST.items()
            if name in TryingForm.base_fields
        }
        return redirect(reverse("who_would_get_it", args=[scheme.pk], query=asked))
    begins = {"handing": scheme.handing, "valid_until": scheme.valid_until}
    tried = request.GET if TryingForm.base_fields.keys() & request.GET.keys() else None
    form = TryingForm(tried, initial=as_form_data(scheme.requirements) | begins)
    changed = form.as_scheme(scheme) if form.is_valid() else None
    learners = (
        Enrolment.objects.filter(course=scheme.course)
        .exclude(status=Enrolment.Status.WITHDRAWN)
        .select_related("learner")
        .order_by("alias", "pk")
    )
    lines = compare(list(learners), stored=scheme, changed=changed, today=timezone.localdate())
    context = {
        "scheme": scheme,
        "form": form,
        "people": len(lines),
        "page": Paginator(lines, A_PAGE).get_page(request.GET.get("page")),
        "differing": sum(each.differs for each in lines),
        "now": _counts([each.before for each in lines]),
        "then": _counts(_after(lines)) if changed is not None else None,
    }
    return render(request, "cms/editor/who_would_get_it.html", context)


def _after(lines: list[Comparison]) -> list[Outlook]:
    return [each.after for each in lines if each.after is not None]


def _counts(outlooks: list[Outlook]) -> dict[str, int]:
    return {
        "given": sum(each.prospect == Prospect.HAS for each in outlooks),
        "earned": sum(each.gets_it for each in outlooks),
        "open": sum(not each.gets_it and each.prospect != Prospect.HAS for each in outlooks),
    }


@require_POST
def scheme_paper(request: HttpRequest, language: str, name: str, pk: int = 0) -> HttpResponse:
    """The paper of a scheme as its form is filled in now, with a name that is hard to set. Saves nothing.

    Without `pk` for a scheme that is being made.
    """
    # WeasyPrint takes 34 MB and a second at its first use, which only who looks at samples pays.
    from certification.services.samples import NAMES, preview, sheet_of_scheme  # noqa: PLC0415 -- see above

    own = _own_schemes(request)
    scheme = get_object_or_404(own, pk=pk) if pk else Scheme()
    back = reverse("certificate_schemes:edit", args=[pk]) if pk else reverse("certificate_schemes:add")
    if language not in {"nl", "en"} or name not in NAMES:
        return redirect(back)
    form = scheme_form_class()(request.POST, instance=scheme, for_user=request.user)
    form.is_valid()
    if wrong := [name for name in ON_PAPER if name in form.errors]:
        return _not_yet(request, back, [(form.fields[name].label, form.errors[name]) for name in wrong])
    form.instance.requirements = form.cleaned_data.get("requirements", {})
    try:
        sheet = sheet_of_scheme(
            form.instance,
            signatories=list(form.cleaned_data["signatories"]),
            language=language,
            name=NAMES[name],
            now=timezone.now(),
        )
        paper = preview(sheet)
    except PictureRefused as refused:
        return _not_yet(request, back, [(_("signature"), [str(refused)])])
    except OSError:
        return _not_yet(
            request, back, [(_("signature"), [_("The picture of a signature is gone. Add it anew.")])]
        )
    return HttpResponse(
        paper,
        content_type="application/pdf",
        headers={"Content-Disposition": 'inline; filename="voorbeeld.pdf"', "Cache-Control": "no-store"},
    )


def _not_yet(request: HttpRequest, back: str, said: list[tuple[str, list[str]]]) -> HttpResponse:
    """Why there is no paper to see, field by field."""
    return render(request, "cms/editor/paper_not_yet.html", {"back": back, "said": said})


def _own_schemes(request: HttpRequest) -> QuerySet[Scheme]:
    if not request.user.has_perm("certification.change_scheme"):
        raise PermissionDenied
    return Scheme.objects.visible_to(request.user).select_related("course__programme")
