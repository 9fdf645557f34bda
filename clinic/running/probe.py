"""Does a health page of this site answer 200?

For container health checks: images carry no curl, and the site only answers to its own name.

    python -m clinic.running.probe PATH [HOST:PORT]
"""

import http.client
import os
import sys
from urllib.parse import urlsplit


def status_of(path: str, address: str = "127.0.0.1:8000") -> int:
    """The HTTP status, asked under the site's own name. Raises OSError when nobody listens."""
    host = urlsplit(os.environ.get("SITE_URL", "http://127.0.0.1")).netloc
    connection = http.client.HTTPConnection(address, timeout=4)
    try:
        connection.request("GET", path, headers={"Host": host})
        return connection.getresponse().status
    finally:
        connection.close()


def main(arguments: list[str]) -> int:
    try:
        status = status_of(*arguments)
    except OSError as problem:
        print(f"{arguments[0]}: {problem}")
        return 1
    print(f"{arguments[0]}: {status}")
    return 0 if status == http.client.OK else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
