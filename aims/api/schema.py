"""OpenAPI 3.1 with the errors every operation can answer, so that clients are told all of it."""

from typing import Any

from drf_spectacular.openapi import AutoSchema

PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem details",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"pointer": {"type": "string"}, "detail": {"type": "string"}},
                "required": ["pointer", "detail"],
            },
        },
    },
    "required": ["type", "title", "status"],
}

ALWAYS = {"400": "Invalid", "401": "Not signed in", "403": "Not permitted", "404": "No such record"}
ON_MATCH = {"409": "Wrong state or unmet check", "412": "Stale version", "428": "If-Match is missing"}
ON_CREATE = {"409": "Wrong state, or this Idempotency-Key was used for another request"}


class Schema(AutoSchema):
    """Adds problems, If-Match, Idempotency-Key and ETag to what drf-spectacular finds."""

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        operation = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        for status, sentence in self._statuses().items():
            content = {"application/problem+json": {"schema": PROBLEM}}
            operation["responses"].setdefault(status, {"description": sentence, "content": content})
        operation.setdefault("parameters", []).extend(self._headers())
        return operation

    def _statuses(self) -> dict[str, str]:
        if self._needs_match():
            return {**ALWAYS, **ON_MATCH}
        return {**ALWAYS, **ON_CREATE} if self.method == "POST" else dict(ALWAYS)

    def _needs_match(self) -> bool:
        if getattr(self.view, "action", "") in getattr(self.view, "without_match", ()):
            return False  # it adds something, whatever the record's version
        acting = self.method == "POST" and "{ref}" in self.path
        return self.method in ("PUT", "PATCH", "DELETE") or acting

    def _headers(self) -> list[dict[str, Any]]:
        def header(name: str, text: str, required: bool) -> dict[str, Any]:
            schema = {"type": "string"}
            return {"in": "header", "name": name, "description": text, "required": required, "schema": schema}

        if self._needs_match():
            return [header("If-Match", "Strong ETag of the version you read", True)]
        if self.method == "POST":
            return [header("Idempotency-Key", "At most 80 characters; the same key gives the first answer", False)]
        return []
