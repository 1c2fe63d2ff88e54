"""Shared reads about meetings and groups."""
