"""Screens of the editor on which a programme leaves and comes in as a zip file."""

import io
import tempfile
import uuid
import zipfile
from pathlib import Path

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cms.exporting import NothingToExport, export
from cms.importing import (
    POLICY,
    UploadRefused,
    drop_upload,
    keep_upload,
    kept_text,
    rehearse,
    take_over,
)
from cms.models.teaching import programmes_written_by, writes_all
from cms.programmes.writing import ProgrammeCannotBeWritten
from media.archives.policy import MB

MADE = (1980, 1, 1, 0, 0, 0)  # the same programme is the same file, whenever it is downloaded
MOST_SENTENCES = 40


class Upload(forms.Form):
    """`overwrite` goes along to the report and its confirmation."""

    file = forms.FileField(label=gettext_lazy("The zip file of a programme"))
    overwrite = forms.BooleanField(
        label=gettext_lazy("Also replace what somebody changed here in the editor"), required=False
    )

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file.size > POLICY.archive_bytes:
            raise forms.ValidationError(
                _("This file is larger than %(most)s MB. Leave out what is not needed.")
                % {"most": POLICY.archive_bytes // MB}
            )
        return file


@require_http_methods(["GET", "HEAD", "POST"])
def programmes(request: HttpRequest) -> HttpResponse:
    """The programmes one writes, to download, and a form to bring one in; POST keeps the file and shows its report."""
    mine = programmes_written_by(request.user)
    if not mine.exists() and not writes_all(request.user):
        raise Http404
    form = Upload(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        token = keep_upload(form.cleaned_data["file"], owner=request.user.pk)
        return _to_report(token, overwrite=form.cleaned_data["overwrite"])
    context = {"programmes": mine.order_by("name", "pk"), "form": form}
    return render(request, "cms/editor/programmes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def upload_report(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    """What an upload would change, and for whom; POST does exactly that, or says that something changed meanwhile."""
    owner = request.user.pk
    overwrite = (request.POST if request.method == "POST" else request.GET).get("overwrite") == "1"
    try:
        with kept_text(owner=owner, token=token) as text:
            if request.method == "POST":
                confirmed = request.POST.get("confirmed", "")
                done = take_over(text, writer=request.user, overwrite=overwrite, confirmed=confirmed)
                if done is None:
                    messages.warning(
                        request, _("Something changed in the meantime. Look once more at what would change.")
                    )
                    return _to_report(token, overwrite=overwrite)
                drop_upload(owner=owner, token=token)
                messages.success(request, _("“%(name)s” is taken over.") % {"name": done.name})
                return redirect("programmes")
            report = rehearse(text, writer=request.user, overwrite=overwrite)
    except FileNotFoundError as gone:
        raise Http404 from gone
    except UploadRefused as refused:
        drop_upload(owner=owner, token=token)
        context = {
            "sentences": refused.sentences[:MOST_SENTENCES],
            "more": max(len(refused.sentences) - MOST_SENTENCES, 0),
        }
        return render(request, "cms/editor/upload_refused.html", context, status=422)
    context = {"report": report, "token": token, "overwrite": overwrite}
    return render(request, "cms/editor/upload_report.html", context)


@require_POST
def drop(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    """Decide against it: the upload is removed."""
    drop_upload(owner=request.user.pk, token=token)
    messages.info(request, _("Nothing was changed, and the file is removed."))
    return redirect("programmes")


@require_safe
def download(request: HttpRequest, key: str) -> HttpResponse:
    """A programme as it is live, in the form in which it can be brought in again."""
    programme = get_object_or_404(programmes_written_by(request.user), key=key)
    with tempfile.TemporaryDirectory(prefix="leerhuis-") as name:
        folder = Path(name) / programme.key
        try:
            export(programme.key, folder)
        except NothingToExport as nothing:
            return _to_programmes(request, [nothing.message.translated(_)])
        except ProgrammeCannotBeWritten as refused:
            sentences = [problem.translated(_) for problem in refused.problems[: MOST_SENTENCES - 1]]
            return _to_programmes(request, [*sentences, _("Nothing was written.")])
        response = HttpResponse(_zipped(folder), content_type="application/zip")
    # Neutral: a folder of downloads is read by others, too.
    response["Content-Disposition"] = 'attachment; filename="programma.zip"'
    return response


def _zipped(folder: Path) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(each for each in folder.rglob("*") if each.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), MADE)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o100644 << 16
            archive.writestr(entry, path.read_bytes())
    return packed.getvalue()


def _to_programmes(request: HttpRequest, sentences: list[str]) -> HttpResponse:
    """Back to the list, which says why there is no file."""
    for sentence in sentences:
        messages.error(request, sentence)
    return redirect("programmes")


def _to_report(token: uuid.UUID, *, overwrite: bool) -> HttpResponse:
    address = redirect("upload_report", token)
    if overwrite:
        address["Location"] += "?overwrite=1"
    return address
