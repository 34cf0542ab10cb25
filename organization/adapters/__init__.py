"""Where django-allauth asks AIMS: sign-in and its record, second factors, identity providers, sessions."""
