from django.db.models import TextChoices

from aims.workflow import Workflow, edge


class SampleState(TextChoices):
    DRAFT = "draft", "Draft"
    USED = "used", "In use"
    GONE = "gone", "Gone"


class Colour(TextChoices):
    RED = "red", "Red as wine"
    BLUE = "blue", "Blue"


SAMPLE = Workflow(
    "sample",
    SampleState,
    [
        edge("use", "Take into use", [SampleState.DRAFT], SampleState.USED, ["system_owner"]),
        edge("drop", "Drop", [SampleState.DRAFT, SampleState.USED], SampleState.GONE, ["aims_manager"]),
    ],
)
