"""Password rules beyond Django's own: no words of this context (NIST SP 800-63B, OWASP ASVS 6.2)."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from organization.models import Unit

SHORTEST = 4


class ContextWords:
    """Refuses a password that is little more than the product's or the organization's name.

    The words are taken out; what is left must still be half as long as a password has to be.
    """

    def validate(self, password: str, user: Any = None) -> None:
        left = password.lower()
        for word in sorted(context_words(user), key=len, reverse=True):
            left = left.replace(word, "")
        if len(left) < len(password) / 2:
            raise ValidationError(self.get_help_text(), code="password_context")

    def get_help_text(self) -> str:
        return _("It must not be built from the name of this product, of the organization or of a unit.")


def context_words(user: Any) -> set[str]:
    """Lower-case words that tell an attacker where this is: product, address, root unit and the person's unit."""
    names = ["aims", settings.PUBLIC_URL.partition("://")[2].partition(":")[0]]
    names += Unit.objects.filter(parent=None).values_list("name", flat=True)
    if getattr(user, "unit_id", None):
        names.append(user.unit.name)
    return {word for name in names for word in name.lower().replace(".", " ").split() if len(word) >= SHORTEST}
