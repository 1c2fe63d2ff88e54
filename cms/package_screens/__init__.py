"""Editors' screens for interactive content made elsewhere: list, upload, versions, and choosing it for a lesson."""
