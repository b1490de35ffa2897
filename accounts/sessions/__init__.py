"""Sessions that know whose they are, so that a request asks for both at once."""
