"""What stands where there is nothing to tell."""

NOTHING = "–"
