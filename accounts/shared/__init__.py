"""What every app builds on, and nothing of which is about people."""
