"""What becomes of /ping and the home page while somebody attacks the site: make attack."""
