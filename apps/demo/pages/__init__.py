"""What the demonstration's pages show."""
