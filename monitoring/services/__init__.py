"""Every write of monitoring. Each verb: one transaction, policy, state, trail."""

from monitoring.services.concerns import (
    acknowledge_concern,
    answer_concern,
    assign_handler,
    close_concern,
    link_record,
    look_into_concern,
    name_person,
    note_on_concern,
    reopen_concern,
    unlink_record,
    write_to_reporter,
)
from monitoring.services.intake import (
    concern_of_code,
    raise_anonymously,
    raise_concern,
    write_by_code,
    write_to_handlers,
)

__all__ = [
    "acknowledge_concern",
    "answer_concern",
    "assign_handler",
    "close_concern",
    "concern_of_code",
    "link_record",
    "look_into_concern",
    "name_person",
    "note_on_concern",
    "raise_anonymously",
    "raise_concern",
    "reopen_concern",
    "unlink_record",
    "write_by_code",
    "write_to_handlers",
    "write_to_reporter",
]
