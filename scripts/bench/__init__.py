"""How many requests the site answers, and what each costs beside a bare "hello": make bench."""
