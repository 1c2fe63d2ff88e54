"""What long lists are narrowed by."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certification.models import Award
from certification.queries.renewal import not_renewed
from certification.rules import normalise_public_id
from courses.models import Course, Enrolment, Session

SOON = timedelta(days=90)
QUIET = [("7", _("a week or longer")), ("14", _("two weeks or longer")), ("30", _("a month or longer"))]
# States in which a later paper may have taken the place of one.
FORMER = {Award.Status.REVOKED, Award.Status.REPLACED}
STATUS = Enrolment.Status
GOING_ON = [(each.value, each.label) for each in (STATUS.ACTIVE, STATUS.COMPLETED)]


def _words(typed: str) -> str:
    return typed.replace("\x00", "").strip()


def _by_number(typed: str) -> Q | None:
    """The paper of the number or the code that was typed. `None` where it is neither."""
    words = _words(typed)
    year, _dash, number = words.partition("-")
    if year.isdecimal() and number.isdecimal() and len(words) < 16:  # noqa: PLR2004 -- what fits a column
        return Q(serial_year=int(year), serial_number=int(number))
    code = normalise_public_id(words)
    return Q(public_id=code) if code else None


class AwardFilter(django_filters.FilterSet):
    """Certificates by course, by what they are worth on `today`, and by number or name in the group.

    Of a chain of corrections the last, unless what was sought is a number, or what no longer counts: earlier papers
    are found by that.
    """

    q = django_filters.CharFilter(
        label=_("Number, code or name in the group"), method="by_words", max_length=60
    )
    course = django_filters.ModelChoiceFilter(
        label=_("Course"), queryset=Course.objects.none(), method="by_course", empty_label=_("all")
    )
    state = django_filters.ChoiceFilter(
        label=_("Today"),
        method="by_state",
        empty_label=_("all"),
        choices=[
            ("valid", _("valid")),
            ("soon", _("expires within 90 days")),
            ("expired", _("expired")),
            ("revoked", _("withdrawn")),
            ("replaced", _("replaced")),
        ],
    )

    class Meta:
        model = Award
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, today: date, courses: QuerySet[Course], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.filters["course"].queryset = courses
        self.filters["course"].field.queryset = courses

    def filter_queryset(self, awards: QuerySet[Award]) -> QuerySet[Award]:
        sought = self.form.cleaned_data
        if sought.get("state") in FORMER or _by_number(sought.get("q") or "") is not None:
            return super().filter_queryset(awards)
        return super().filter_queryset(awards.current())

    def by_words(self, awards: QuerySet[Award], name: str, value: str) -> QuerySet[Award]:
        numbered = _by_number(value)
        return awards.filter(Q(enrolment__alias__icontains=_words(value)) if numbered is None else numbered)

    def by_course(self, awards: QuerySet[Award], name: str, value: Course) -> QuerySet[Award]:
        return awards.filter(course_key=value.key)

    def by_state(self, awards: QuerySet[Award], name: str, value: str) -> QuerySet[Award]:
        if value in FORMER:
            return awards.filter(status=value)
        if value == "expired":
            return awards.filter(status=Award.Status.VALID, valid_until__lt=self.today)
        counting = awards.filter(pk__in=Award.objects.counting_on(self.today).values("pk"))
        if value == "soon":
            return not_renewed(counting.filter(valid_until__lte=self.today + SOON), today=self.today)
        return counting


class MembersFilter(django_filters.FilterSet):
    """Who of a group is shown (`courses.queries.care.of_cohort`). `sessions`: those of its course. Wrong wishes are left out."""

    name = django_filters.CharFilter(
        field_name="alias", lookup_expr="icontains", label=_("Name in the group")
    )
    session = django_filters.ChoiceFilter(
        field_name="here__session", label=_("Was last in"), empty_label=_("every session")
    )
    quiet = django_filters.ChoiceFilter(
        choices=QUIET, method="not_seen_for", label=_("Not seen for"), empty_label=_("no matter how long")
    )
    status = django_filters.ChoiceFilter(choices=GOING_ON, label=_("Status"), empty_label=_("every status"))

    class Meta:
        model = Enrolment
        fields: list[str] = []

    def __init__(self, *args: Any, sessions: Sequence[Session], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["session"].extra["choices"] = [(str(each.pk), each.local_title) for each in sessions]

    @property
    def is_narrow(self) -> bool:
        """Whether something was chosen."""
        return any(self.data.get(name) for name in self.filters)

    def not_seen_for(self, queryset: QuerySet[Enrolment], _name: str, value: str) -> QuerySet[Enrolment]:
        return queryset.filter(last_busy__lt=timezone.now() - timedelta(days=int(value)))
