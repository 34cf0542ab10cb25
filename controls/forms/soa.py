"""Forms of versions of the Statement of Applicability and of what is proposed for them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aims.forms import ReasonForm
from controls.forms.scopes import WhyForm
from organization.duties import Override
from organization.services.duties import overrides_allowed


def _area(label: Any, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}), **more
    )


class SubmitForm(WhyForm):
    """A word to who approves, when there is one to say."""

    reason = _area(_("Note to who approves"))


class ApproveForm(WhyForm):
    """The reason of the decision, and where the organization allows it the override of a rule."""

    override_reason = _area(
        _("Why you decide although the duties should be separated"),
        help_text=_("Only where a rule stands against it and your organization allows the override."),
    )
    override_safeguard = _area(_("What keeps it safe"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not overrides_allowed():
            del self.fields["override_reason"], self.fields["override_safeguard"]

    def override(self) -> Override | None:
        reason, safeguard = (self.cleaned_data.get(f"override_{name}") or "" for name in ("reason", "safeguard"))
        return Override(reason, safeguard) if reason.strip() or safeguard.strip() else None


class TakeForm(ReasonForm):
    """Take a proposal over: the justification that the statement gets."""

    reason = forms.CharField(
        label=_("Justification"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Why the control is included from now on, in words of its own."),
    )  # fmt: skip


class DeclineForm(ReasonForm):
    """Leave the statement as it is, with the reason."""
