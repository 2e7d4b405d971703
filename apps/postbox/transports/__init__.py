"""SMTP client and server, MIME, email addresses. Nothing here writes rows."""
