"""Pages of the team, of invitations, and the demo's sign-in."""
