"""What learners fill in on the portal's own screens."""

import re
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certification.exports import KINDS
from certification.letters import letter_without_type
from certification.models import Register
from certification.registers import WrongNumber, edition_number, register_number
from certification.rules import printable_name
from certification.services.batches import MOST
from people.forms import LineField
from people.services.undelivered import LONGEST_NOTE

# No period of anybody's began before.
EARLIEST = date(1990, 1, 1)
PHONE = re.compile(r"\+?[0-9 ()./-]{6,29}")


class AnswerForm(forms.Form):
    """What identifies an answer's form; the answer itself is read by its kind."""

    uuid = forms.UUIDField()
    version = forms.IntegerField(min_value=1, max_value=2**62)


class StartForm(forms.Form):
    alias = LineField(
        label=_("Name in the group"),
        max_length=40,
        help_text=_("What others in this course call you. It need not be your own name."),
    )
    code = forms.CharField(label=_("Code of the group"), max_length=20, required=False)


class LegalNameForm(forms.Form):
    legal_name = LineField(
        label=_("Your full name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("As it should stand on your certificate. Nobody but your trainer sees it otherwise."),
    )

    def clean_legal_name(self) -> str:
        name = self.cleaned_data["legal_name"]
        printed = printable_name(name)
        if not printed:
            raise forms.ValidationError(
                _("These signs cannot be printed on a certificate. Write your name in letters.")
            )
        if letter := letter_without_type(printed):
            raise forms.ValidationError(
                _(
                    "We cannot print the sign “%(letter)s” on a certificate: our typefaces lack it. Write your name as in a passport."
                )
                % {"letter": letter}
            )
        return name


class CallForm(forms.Form):
    """When and where a call is safe. No field asks why, on purpose."""

    moment = LineField(
        label=_("When can we call you?"),
        max_length=120,
        required=False,
        help_text=_("A moment at which nobody listens along. For example: Tuesday between ten and twelve."),
    )
    phone = LineField(
        label=_("On which number?"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        help_text=_("Only if your trainer does not have it yet, or if another number is safer now."),
    )

    def clean_phone(self) -> str:
        phone = self.cleaned_data["phone"]
        if phone and not PHONE.fullmatch(phone):
            raise forms.ValidationError(_("Write a phone number: digits, spaces and a plus sign."))
        return phone


class EraseForm(forms.Form):
    sure = forms.BooleanField(label=_("Yes, erase everything of me"))


# What goes for every reason that a coordinator gives.
WHO_READS_WHY = _(
    "For you and who coordinates with you; the holder finds it in a copy of their data. "
    "Who checks the number does not read it."
)


class RevokeForm(forms.Form):
    reason = LineField(
        label=_("Why"),
        max_length=300,
        help_text=WHO_READS_WHY,
    )


class ReplaceForm(forms.Form):
    name = LineField(
        label=_("Name on the new certificate"),
        max_length=120,
        help_text=_(
            "Where the holder's own details still have the name of this certificate, it is corrected there too: "
            "a later certificate is printed from it."
        ),
    )
    reason = LineField(
        label=_("What was wrong"),
        max_length=300,
        help_text=WHO_READS_WHY,
    )

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if not printable_name(name):
            raise forms.ValidationError(
                _("These signs cannot be printed on a certificate. Write the name in letters.")
            )
        return name


class RegisterNumberForm(forms.Form):
    """A number in a register. Valid, its data are arguments of `keep_number`."""

    register = forms.ModelChoiceField(label=_("Register"), queryset=Register.objects.all())
    typed = LineField(label=_("My number there"), max_length=40)
    period_from = forms.DateField(
        label=_("My period began on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("You find it with your register. Without it, all your points are added up."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "register" in cleaned and "typed" in cleaned:
            try:
                register_number(cleaned["register"], cleaned["typed"])
            except WrongNumber as wrong:
                self.add_error("typed", str(wrong))
        return cleaned

    def clean_period_from(self) -> date | None:
        began = self.cleaned_data["period_from"]
        if began is not None and not EARLIEST <= began <= timezone.localdate():
            raise forms.ValidationError(_("Choose a day that has been."))
        return began


class ForgetNumberForm(forms.Form):
    forget = forms.ModelChoiceField(queryset=Register.objects.all())


class EditionForm(forms.Form):
    """The number of a group's run at a register."""

    accreditation = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**62)
    cohort = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**62)
    number = LineField(label=_("Number of this run"), max_length=40)

    def clean_number(self) -> str:
        try:
            return edition_number(self.cleaned_data["number"])
        except WrongNumber as wrong:
            raise forms.ValidationError(str(wrong)) from wrong


class RunFileForm(forms.Form):
    kind = forms.ChoiceField(choices=[(kind, kind) for kind in KINDS])
    part = forms.IntegerField(required=False, min_value=1, max_value=10_000)


class TogetherForm(forms.Form):
    """Who is to be given a certificate in one go: the enrolments that stood on the page, one after another."""

    batch_id = forms.UUIDField()
    cohort = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    people = forms.CharField(max_length=MOST * 37)

    def clean_people(self) -> list[UUID]:
        try:
            return [UUID(each) for each in self.cleaned_data["people"].split(",")]
        except ValueError as error:
            raise forms.ValidationError("no enrolments", code="invalid") from error


class PutAsideForm(forms.Form):
    """Why a message that could not be delivered stays unsent."""

    note = LineField(
        label=_("What you did instead"),
        max_length=LONGEST_NOTE,
        help_text=_("For your colleagues. For example: told by phone. Not what was said, and no address."),
    )
