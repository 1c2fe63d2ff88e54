"""What long lists are narrowed by."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certification.models import Award
from courses.models import Course, Enrolment, Session

SOON = timedelta(days=90)
QUIET = [("7", _("a week or longer")), ("14", _("two weeks or longer")), ("30", _("a month or longer"))]
STATUS = Enrolment.Status
GOING_ON = [(each.value, each.label) for each in (STATUS.ACTIVE, STATUS.COMPLETED)]


class AwardFilter(django_filters.FilterSet):
    """Certificates by course, by what they are worth on `today`, and by number or name in the group."""

    q = django_filters.CharFilter(label=_("Number or name in the group"), method="by_words", max_length=60)
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

    def by_words(self, awards: QuerySet[Award], name: str, value: str) -> QuerySet[Award]:
        words = value.replace("\x00", "").strip()
        year, _dash, number = words.partition("-")
        if year.isdecimal() and number.isdecimal() and len(words) < 16:  # noqa: PLR2004 -- what fits a column
            return awards.filter(serial_year=int(year), serial_number=int(number))
        return awards.filter(enrolment__alias__icontains=words)

    def by_course(self, awards: QuerySet[Award], name: str, value: Course) -> QuerySet[Award]:
        return awards.filter(course_key=value.key)

    def by_state(self, awards: QuerySet[Award], name: str, value: str) -> QuerySet[Award]:
        if value == "revoked":
            return awards.filter(status=Award.Status.REVOKED)
        if value == "expired":
            return awards.filter(status=Award.Status.VALID, valid_until__lt=self.today)
        counting = awards.filter(pk__in=Award.objects.counting_on(self.today).values("pk"))
        if value == "soon":
            return counting.filter(Q(valid_until__lte=self.today + SOON))
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
