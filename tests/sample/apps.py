from django.apps import AppConfig

from aims.registry import Kind, registry
from tests.sample.policies import VERBS


class SampleConfig(AppConfig):
    name = "tests.sample"
    label = "sample"

    def ready(self) -> None:
        model = self.get_model("Sample")
        registry.add_kind(Kind("sample", model, "sample", "samples", "samples", "box"))
        registry.allow(VERBS)
