from django.apps import AppConfig


class CertificationConfig(AppConfig):
    name = "certification"
    verbose_name = "Certification"

    def ready(self) -> None:
        import certification.checks  # noqa: F401, PLC0415 -- registers them, once settings are there
