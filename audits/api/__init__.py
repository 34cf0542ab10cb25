"""The API of audits: registers, records, and every verb that the pages have, by the same forms and services."""
