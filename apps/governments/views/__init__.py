"""Staff pages about recipients, and the corrections that the public proposes."""
