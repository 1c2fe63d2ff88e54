"""What the tables of packages have in common."""

# The class of a column that a phone has no room for; `static/editor/packages.css` hides it there.
WHERE_THERE_IS_ROOM = "packages-less"
