"""Second factors: secrets rest encrypted, wrong codes are recorded."""

from typing import Any

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm as BaseForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.conf import settings
from django.core.exceptions import ValidationError

from aims.boxes import box
from organization import services
from organization.adapters.account import agent
from organization.states import SignInKind

PURPOSE = "aims second factors"


class MfaAdapter(DefaultMFAAdapter):
    """Hooks of allauth's mfa app."""

    def encrypt(self, text: str) -> str:
        return box(PURPOSE).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return box(PURPOSE).decrypt(encrypted_text.encode()).decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Passkeys are bound to the host; the name is what the person's device shows."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": settings.MFA_TOTP_ISSUER}


class AddPasskeyForm(AddWebAuthnForm):
    """A key added here signs in without a password, unless one unticks that."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].initial = True


class AuthenticateForm(BaseForm):
    """The page that asks for a code after the password."""

    def clean_code(self) -> Any:
        try:
            return super().clean_code()
        except ValidationError:
            services.record_sign_in(
                SignInKind.FAILED, person=self.user, method="second factor", user_agent=agent(context.request)
            )
            raise
