"""The site's addresses, and the plain view that everything is compared with."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.urls import urlpatterns as of_the_site
from courses.models import Enrolment


@login_required
def plain(request: HttpRequest) -> HttpResponse:
    """Session, user, one query: the least a signed-in page of ours can be, behind the same middleware."""
    enrolment = Enrolment.objects.filter(learner=request.user).first()
    return HttpResponse(enrolment.alias)


urlpatterns = [path("bench/plain/", plain), *of_the_site]
