"""The site's addresses: neutral Dutch words, English under /en/."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access

from certification.views import did
from cms.editing import ChosenPages
from cms.views import editor_door

# Where Wagtail sends whoever may not enter: strangers to our sign-in, others to a page that says so.
to_sign_in = RedirectView.as_view(pattern_name="account_login", query_string=True)

urlpatterns = [
    # One door: the editor's own password screens would let somebody past ours.
    path("cms/login/", to_sign_in),
    path("cms/password_reset/", to_sign_in),
    path("schrijven/", editor_door, name="editor_door"),
    # Wagtail's own tells the title of any page.
    path(
        "cms/choose-page/chosen-multiple/", require_admin_access(ChosenPages.as_view()), name="chosen_pages"
    ),
    path("cms/", include(wagtailadmin_urls)),
    path("bestand/", include("media.urls")),
    path("pakket/", include("media.urls_plain")),
    path("", include("people.urls_plain")),
    path(".well-known/did.json", did, name="did"),
]
urlpatterns += i18n_patterns(
    path("account/", include("people.urls")),
    path("bewijs/", include("certification.urls")),
    path("les/", include("cms.urls")),
    path("", include("meetings.urls")),
    path("", include("portal.urls")),
    path("_util/login/", to_sign_in),  # under /en/ as well
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)
