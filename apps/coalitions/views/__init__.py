"""Pages for staff, and for signers who hold a mailed link."""
