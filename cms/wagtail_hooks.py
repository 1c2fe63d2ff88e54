"""Where the editor's own screens are hung into Wagtail."""

from django.urls import URLPattern, path
from wagtail import hooks

from cms import editing

hooks.register("before_publish_page", editing.ask_before_publishing)
hooks.register("before_create_page", editing.offer_starters)


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    return [
        path("publiceren/<int:page_id>/", editing.confirm_publishing, name="confirm_publishing"),
        path("nieuwe-les/<int:session_id>/", editing.new_lesson, name="new_lesson"),
    ]
