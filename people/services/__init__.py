"""What people and their messages go through. Every function writes; time is passed in."""
