"""Editors' own screens in Wagtail."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.ui.tables import Column
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from cms.models import QuestionBank
from cms.queries import lessons_with_bank


class QuestionBankViewSet(SnippetViewSet):
    model = QuestionBank
    icon = "clipboard-list"
    menu_label = gettext_lazy("Question banks")
    menu_order = 250
    add_to_admin_menu = True
    list_display = ["title", "programme", Column("size", label=gettext_lazy("Questions"))]
    list_filter = ["programme"]
    search_fields = ["title"]


register_snippet(QuestionBankViewSet)


@hooks.register("after_edit_snippet")
def say_which_lessons_to_publish(request: HttpRequest, instance: Any) -> None:
    """A test keeps the questions it was published with: whoever changes the bank is told where that shows."""
    if not isinstance(instance, QuestionBank):
        return
    links = [
        (reverse("wagtailadmin_pages:edit", args=[page.pk]), page.title)
        for page in lessons_with_bank(instance)
    ]
    if links:
        messages.info(
            request,
            format_html(
                "{} {}",
                _("Publish these lessons again to use the new questions:"),
                format_html_join(", ", '<a href="{}">{}</a>', links),
            ),
        )
