"""Floor 4: live meetings: who comes, when and where, and who was there."""
