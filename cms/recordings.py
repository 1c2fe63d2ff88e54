"""Bringing a recording while writing a lesson, in the dialog where one is chosen."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST
from wagtail.search.backends import get_search_backends
from wagtailmedia.forms import get_media_form
from wagtailmedia.views.chooser import get_media_json, permission_checker

from media.models import Recording

# As wagtailmedia names the fields in its dialog.
PREFIX = "media-chooser-upload"


@require_POST
@permission_checker.require("add")
def upload_recording(request: HttpRequest, media_type: str) -> HttpResponse:
    """Keep it and choose it, or say by field what is wrong: the dialog and what was filled in stay as they are (422).

    wagtailmedia's own answers with a dialog that begins anew, at another tab and without its title.
    """
    form = get_media_form(Recording)(
        request.POST,
        request.FILES,
        instance=Recording(uploaded_by_user=request.user, type=media_type),
        user=request.user,
        prefix=PREFIX,
    )
    if not form.is_valid():
        fields = {form[name].html_name: errors for name, errors in form.errors.items() if name in form.fields}
        return JsonResponse({"fields": fields, "whole": form.non_field_errors()}, status=422)
    recording = form.save()
    for backend in get_search_backends():
        backend.add(recording)  # once more: its tags are known only now
    return JsonResponse({"step": "media_chosen", "result": get_media_json(recording)})
