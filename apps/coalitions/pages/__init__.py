"""What staff pages show, prepared from selectors."""
