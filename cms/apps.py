from django.apps import AppConfig


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = "Pages"

    def ready(self) -> None:
        from cms import receivers  # noqa: F401, PLC0415 -- connects the receivers once models are loaded
