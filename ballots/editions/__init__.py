"""What tells a public page that was rendered before from one that would be rendered now."""
