"""Reading along: a second writer looks at a page before it goes live."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.forms import TaskStateCommentForm
from wagtail.models import Page, Task, TaskState


class ApprovalForm(TaskStateCommentForm):
    """`revision`: the version that the reader had before them."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class SecondReader(Task):
    """Somebody else who may publish the page reads it. Whoever handed it in cannot approve it, whatever their rights.

    Opens the editor to nobody: it is for who may edit the page already.
    """

    def get_actions(self, obj: Page, user: Any) -> list[tuple[str, str, bool]]:
        state = obj.current_workflow_state
        if (
            state is None
            or state.requested_by_id == user.pk
            or not obj.permissions_for_user(user).can_publish()
        ):
            return []
        return [
            ("reject", _("Ask for changes"), True),
            ("approve", _("Approve"), True),  # Wagtail adds “and publish” where it does
        ]

    def get_form_for_action(self, action: str) -> type[forms.Form]:
        return ApprovalForm if action == "approve" else TaskStateCommentForm

    def get_template_for_action(self, action: str) -> str:
        return "cms/editor/approve.html" if action == "approve" else ""

    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> None:
        """Approves what was read and nothing else. Raises `ValidationError` where it changed since."""
        if action_name == "approve":
            page = task_state.workflow_state.content_object
            if kwargs.pop("revision", None) != page.latest_revision_id:
                raise ValidationError(
                    _("The lesson was changed in the meantime. Look once more at what changes.")
                )
        super().on_action(task_state, user, action_name, **kwargs)

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> models.QuerySet[TaskState]:
        waiting = self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS).exclude(
            workflow_state__requested_by=user
        )
        numbers = waiting.annotate(page=Cast("workflow_state__object_id", models.IntegerField()))
        pages = Page.objects.filter(pk__in=numbers.values("page"))
        theirs = [str(page.pk) for page in pages if page.permissions_for_user(user).can_publish()]
        return waiting.filter(workflow_state__object_id__in=theirs)

    @classmethod
    def get_description(cls) -> str:
        return _("Somebody else who may publish the page reads it first.")

    class Meta:
        verbose_name = gettext_lazy("second reader")
        verbose_name_plural = gettext_lazy("second readers")
