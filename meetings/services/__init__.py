"""Writes about meetings: one verb per function, time passed in."""
