"""The editor's screens for how documents look: an organisation's colours and logo, and what comes of them."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods
from wagtail.admin import messages

from certification.models import Mark, Scheme
from certification.pictures import MOST_BYTES, PictureRefused
from certification.queries import look_of
from certification.services.marks import MarkRefused, set_mark
from people.models import Organisation

MAY_CHANGE = "certification.add_mark"
COLOUR = forms.TextInput(attrs={"type": "color"})


class MarkForm(forms.ModelForm):
    """Two colours and a logo."""

    picture = forms.FileField(
        label=gettext_lazy("Logo"),
        required=False,
        help_text=gettext_lazy("PNG, JPEG or WebP, at most 2 MB. Empty: the one there is."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )
    without = forms.BooleanField(label=gettext_lazy("Without a logo"), required=False)

    class Meta:
        model = Mark
        fields = ["action", "warm"]
        widgets = {"action": COLOUR, "warm": COLOUR}
        help_texts = {
            "action": gettext_lazy("Frame and headings. Dark enough to read."),
            "warm": gettext_lazy("The title of the course. Dark enough to read."),
        }

    def given_logo(self) -> bytes | None:
        """The file as uploaded, empty for none, `None` for the one there is."""
        if self.cleaned_data["without"]:
            return b""
        picture = self.cleaned_data["picture"]
        return picture.read(MOST_BYTES + 1) if picture else None


@require_GET
def looks(request: HttpRequest) -> HttpResponse:
    """The organisations and how their documents look."""
    found = [(each, look_of(each.pk)) for each in _organisations(request)]
    return render(request, "cms/papers/looks.html", {"looks": found})


@require_http_methods(["GET", "POST"])
def look(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Change how documents look that are made from now on."""
    organisation = get_object_or_404(_organisations(request), pk=organisation_id)
    current = look_of(organisation.pk)
    posted = request.method == "POST"
    form = MarkForm(request.POST, request.FILES) if posted else MarkForm(instance=current)
    if posted and form.is_valid():
        try:
            set_mark(
                organisation=organisation,
                action=form.cleaned_data["action"],
                warm=form.cleaned_data["warm"],
                logo=form.given_logo(),
                now=timezone.now(),
            )
        except PictureRefused as refused:
            form.add_error("picture", str(refused))
        except MarkRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Kept. Documents that are made from now on look like this."))
            return redirect("paper_look", organisation.pk)
    context = {"organisation": organisation, "form": form, "mark": current, "samples": _samples()}
    return render(request, "cms/papers/look.html", context)


@require_GET
def sample(
    request: HttpRequest, organisation_id: int, template: str, language: str, name: str
) -> HttpResponse:
    """A document as it would look, with a name that is hard to set. Nothing in it is anybody's."""
    # WeasyPrint takes 34 MB and a second at its first use, which only who looks at samples pays.
    from certification.documents.wording import Template  # noqa: PLC0415 -- see above
    from certification.services.papers import brand_of  # noqa: PLC0415 -- see above
    from certification.services.samples import NAMES, preview, sample_sheet  # noqa: PLC0415 -- see above

    organisation = get_object_or_404(_organisations(request), pk=organisation_id)
    if template not in Scheme.Paper.values or language not in {"nl", "en"} or name not in NAMES:
        return redirect("paper_look", organisation.pk)
    sheet = sample_sheet(
        now=timezone.now(),
        provider=organisation.name,
        name=NAMES[name],
        template=Template(template),
        language=language,
        brand=brand_of(look_of(organisation.pk)),
    )
    return HttpResponse(
        preview(sheet),
        content_type="application/pdf",
        headers={"Content-Disposition": 'inline; filename="voorbeeld.pdf"'},
    )


def _organisations(request: HttpRequest) -> Any:
    if not request.user.has_perm(MAY_CHANGE):
        raise PermissionDenied
    return Organisation.objects.visible_to(request.user).order_by("name")


def _samples() -> list[tuple[str, str, str, str]]:
    """Which samples there are: label, template, language, name."""
    papers, names = (
        Scheme.Paper,
        {"gewoon": _("an ordinary name"), "lang": _("the longest name"), "kort": _("a short name")},
    )
    languages = {"nl": _("Dutch"), "en": _("English")}
    return [
        (f"{paper.label}, {languages[language]}, {said}", paper.value, language, name)
        for paper in papers
        for language in languages
        for name, said in names.items()
    ]
