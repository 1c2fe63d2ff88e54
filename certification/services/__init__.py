"""Awarding, making documents, and taking the person out of them. Every function writes; time is passed in."""
