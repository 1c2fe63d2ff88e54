"""What learners fill in on the portal's own screens."""

from django import forms
from django.utils.translation import gettext_lazy as _

from certification.rules import printable_name
from people.forms import LineField


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
        if not printable_name(name):
            raise forms.ValidationError(
                _("These signs cannot be printed on a certificate. Write your name in letters.")
            )
        return name


class EraseForm(forms.Form):
    sure = forms.BooleanField(label=_("Yes, erase everything of me"))


class RevokeForm(forms.Form):
    reason = LineField(
        label=_("Why"),
        max_length=300,
        help_text=_("For the holder and for you. Who checks the number does not read it."),
    )


class ReplaceForm(forms.Form):
    name = LineField(label=_("Name on the new certificate"), max_length=120)
    reason = LineField(
        label=_("What was wrong"),
        max_length=300,
        help_text=_("For the holder and for you. Who checks the number does not read it."),
    )
