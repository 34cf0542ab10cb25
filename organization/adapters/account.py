"""Sign-in by e-mail: no sign-up, deactivated people and programs stay out, every step is recorded without signals."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import get_adapter as get_identity_adapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

from aims.trail import recording
from organization import services
from organization.models import User
from organization.states import SignInKind


class AccountAdapter(DefaultAccountAdapter):
    """Hooks of allauth's account app."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account for themselves: an AIMS manager does."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            self._failed(request, credentials, "rate limit")
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        self._failed(request, credentials, "password")

    def _failed(self, request: HttpRequest, credentials: dict[str, Any], method: str) -> None:
        email = str(credentials.get("email", ""))
        services.record_sign_in(SignInKind.FAILED, email=email, method=method, user_agent=agent(request))

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """Deactivated people are told so; programs act by token, never by a browser's session."""
        if user.is_active and not user.is_program:
            return super().pre_login(request, user, **kwargs)  # type: ignore[no-any-return]
        services.record_sign_in(SignInKind.REFUSED, person=user, method="inactive", user_agent=agent(request))
        return self.respond_user_inactive(request, user)  # type: ignore[no-any-return]

    def login(self, request: HttpRequest, user: User) -> None:
        methods = method_words(get_authentication_records(request, user))
        super().login(request, user)
        services.record_sign_in(SignInKind.SIGNED_IN, person=user, method=methods, user_agent=agent(request))

    def logout(self, request: HttpRequest) -> None:
        """Called for people signed in alone."""
        assert isinstance(request.user, User)
        services.record_sign_in(
            SignInKind.SIGNED_OUT, person=request.user, method="sign-out", user_agent=agent(request)
        )
        super().logout(request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Who has neither password nor passkey here shows again who they are at the identity provider."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        providers = [] if methods else get_identity_adapter().list_providers(self.request)
        return methods or [
            {"id": one.sub_id, "description": one.name, "url": one.get_login_url(self.request)} for one in providers
        ]

    def set_password(self, user: User, password: str) -> None:
        with recording(user, "set_password"):
            super().set_password(user, password)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """The person changed their own address: the trail says so."""
        with recording(email_address.user, "change_email"):
            return bool(super().confirm_email(request, email_address))

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """allauth tells a person by mail whenever a way to sign in changed; the sign-in table is told as well."""
        what = template_prefix.rpartition("/")[2].replace("_", " ")
        services.record_sign_in(SignInKind.CHANGED, person=user, method=what, user_agent=agent(self.request))
        super().send_notification_mail(template_prefix, user, context, email)


def agent(request: HttpRequest | None) -> str:
    """The browser's own name."""
    return request.headers.get("User-Agent", "") if request is not None else ""


def method_words(records: list[dict[str, Any]]) -> str:
    """How somebody signed in: "password, totp"."""
    words = [str(record.get("type") or record.get("provider") or record["method"]) for record in records]
    return ", ".join(dict.fromkeys(words)) or "session"
