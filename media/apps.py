from django.apps import AppConfig


class MediaConfig(AppConfig):
    name = "media"
    verbose_name = "Media"

    def ready(self) -> None:
        import media.checks  # noqa: F401, PLC0415 -- registers them, once settings are there
