"""How mail leaves and arrives: addresses, MIME, SMTP as a client, SMTP as a listener. Nothing here writes rows."""
