"""Asks the web process on this machine for its health: `python -m scripts.health_probe /livez`."""

import http.client
import os
import sys

from apps.core import environment


def main(path: str) -> int:
    """0 for an answer 200, otherwise 1. Prints the answer."""
    host = (environment.words("ALLOWED_HOSTS") or ["localhost"])[0]
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT") or "8000"), timeout=4)
    try:
        connection.request("GET", path, headers={"Host": host})
        answer = connection.getresponse()
        said = answer.read().decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        print(error)
        return 1
    print(said)
    return 0 if answer.status == 200 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
