"""Messages that could not be delivered. Never what they said, nor an address."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from people.models import OutboxMessage
from portal.wording import kind_of_message, recipient_of, why_undelivered


class UndeliveredTable(tables.Table):
    """What somebody is to look at (`OutboxMessage.objects.undelivered()`, with recipients), each leading to its own page."""

    kind = tables.LinkColumn("undelivered_message", args=[tables.A("pk")], verbose_name=_("About"))
    recipient = tables.Column(
        verbose_name=_("To whom"), accessor="pk", order_by=("recipient__alias", "-created_at")
    )
    created_at = tables.DateTimeColumn(verbose_name=_("Written"), format="j F Y H:i")
    attempts = tables.Column(verbose_name=_("Tried"))
    why = tables.Column(verbose_name=_("Why it did not arrive"), accessor="pk", order_by=("last_error",))

    class Meta:
        attrs = {"class": "stack-table"}
        template_name = "portal/table.html"
        empty_text = _("Everything was delivered. What could not be will stand here.")
        order_by = "-created_at"

    def render_kind(self, record: OutboxMessage) -> str:
        return kind_of_message(record)

    def render_recipient(self, record: OutboxMessage) -> str:
        return recipient_of(record)

    def render_why(self, record: OutboxMessage) -> str:
        return why_undelivered(record)

    def render_attempts(self, value: int) -> str:
        return ngettext("%(number)s time", "%(number)s times", value) % {"number": value}


class PutAsideTable(tables.Table):
    """What was left unsent, with the note of who saw to it."""

    kind = tables.Column(verbose_name=_("About"))
    recipient = tables.Column(verbose_name=_("To whom"), accessor="pk")
    created_at = tables.DateTimeColumn(verbose_name=_("Written"), format="j F Y H:i")
    note = tables.Column(verbose_name=_("What was done"))

    class Meta:
        attrs = {"class": "stack-table"}
        template_name = "portal/table.html"
        orderable = False

    def render_kind(self, record: OutboxMessage) -> str:
        return kind_of_message(record)

    def render_recipient(self, record: OutboxMessage) -> str:
        return recipient_of(record)
