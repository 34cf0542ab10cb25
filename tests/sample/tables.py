from aims.listing import Column, Filter, Table
from tests.sample.states import SampleState

SAMPLES = Table(
    kind="sample",
    columns=[
        Column("ref", "Reference", lambda s: s.ref, sort="ref"),
        Column("title", "Name", lambda s: s.title, sort="title"),
        Column("amount", "Amount", lambda s: s.amount, sort="amount", numeric=True),
        Column("owner", "Owner", lambda s: s.owner, sort="owner__name"),
        Column("due", "Due", lambda s: s.due_on, sort="due_on"),
        Column("seen", "Seen", lambda s: s.seen_at, sort="seen_at", shown=False),
        Column("twin", "Twin", lambda s: s.twin, lambda s: s.twin and s.twin.ref, sort="twin__title", shown=False),
        Column("purpose", "Purpose", lambda s: s.purpose, shown=False),
    ],
    filters=[
        Filter("state", "State", lambda user: SampleState.choices, field="state"),
        Filter(
            "amount",
            "Amount",
            lambda user: [("some", "Some"), ("none", "None")],
            apply=lambda rows, values: rows.filter(amount__isnull="none" in values),
        ),
    ],
    related=("unit", "owner", "twin"),
)
