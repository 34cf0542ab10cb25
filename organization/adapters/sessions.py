"""Sessions that a person ends from the list of places where they are signed in."""

from collections.abc import Iterable

from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession

from organization import services
from organization.states import SignInKind


class SessionsAdapter(DefaultUserSessionsAdapter):
    """Hooks of allauth's usersessions app."""

    def end_sessions(self, sessions: Iterable[UserSession]) -> None:
        ended = list(sessions)
        super().end_sessions(ended)
        for session in ended:
            services.record_sign_in(
                SignInKind.SIGNED_OUT, person=session.user, method="revoked", user_agent=session.user_agent
            )
