"""An organization on GitHub for tests, on a port of its own: that of the demonstration with other contents."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from examples.techstart.account.github.organization import GitHub
from examples.techstart.account.github.replies import JSON

ORGANIZATION, TOKEN = "acme", "github_pat_of_the_tests"
OPEN = {"id": 7, "name": "main", "source": ORGANIZATION, "target": "branch", "enforcement": "active"}


def acme() -> GitHub:
    """An organization without a repository."""
    return GitHub(ORGANIZATION, TOKEN)


@contextmanager
def serving(github: GitHub) -> Iterator[GitHub]:
    """The organization, on a port of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            reply = github.answer(self.path, {name.lower(): value for name, value in self.headers.items()})
            body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
            self.send_response(reply.status)
            for name, value in {**JSON, **reply.headers, "Content-Length": str(len(body))}.items():
                if value:
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    github.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield github
    finally:
        server.shutdown()
        server.server_close()
