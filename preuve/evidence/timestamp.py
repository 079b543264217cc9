"""Requests a timestamp of the root from an RFC 3161 authority, and keeps only an answer that verifies."""

from __future__ import annotations

import shutil
import tempfile
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from preuve.evidence.verifier.programs import run, stamped
from preuve.model.errors import QUOTED, PreuveError

_SECONDS = 20
_LARGEST = 1 << 18  # a timestamp with its certificates has some kilobytes


@dataclass(frozen=True)
class Authority:
    """A timestamp authority: its address, and the file with its trusted certificates."""

    url: str
    ca: Path

    def stamp(self, path: Path) -> bytes:
        """Return a timestamp of a file. Raises PreuveError if no valid one was returned."""
        openssl = shutil.which("openssl")
        if openssl is None:
            raise PreuveError("openssl is not installed, so no timestamp can be requested", "install openssl")
        with tempfile.TemporaryDirectory(prefix="preuve-") as folder:
            query, reply = Path(folder, "query"), Path(folder, "reply")
            code, said = run([openssl, "ts", "-query", "-data", str(path), "-sha256", "-cert", "-out", str(query)])
            if code != 0:
                raise PreuveError(f"openssl cannot make a timestamp request: {QUOTED}", "update openssl", quoted=said)
            answer = self._ask(query.read_bytes())
            reply.write_bytes(answer)
            # The request's nonce comes first, so that an old answer is not accepted as a new one.
            checked = ["-queryfile", str(query), "-in", str(reply), "-CAfile", str(self.ca)]
            code, said = run([openssl, "ts", "-verify", *checked])
            if code != 0 or stamped(openssl, path, reply, self.ca) is None:
                raise PreuveError(
                    f"the answer of {self.url} is no valid timestamp: {QUOTED}",
                    "check evidence.timestamp: the authority and its root certificate",
                    quoted=" ".join(said.split()),
                )
        return answer

    def _ask(self, query: bytes) -> bytes:
        request = urllib.request.Request(  # noqa: S310 - the workspace's schema allows http and https only
            self.url, data=query, headers={"Content-Type": "application/timestamp-query"}
        )
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
                content: bytes = answer.read(_LARGEST + 1)
        except (urllib.error.URLError, OSError, ValueError) as error:
            reason = getattr(error, "reason", error)
            raise PreuveError(
                f"the timestamp authority {self.url} did not answer: {QUOTED}",
                "add the timestamp later: preuve seal FOLDER --timestamp",
                quoted=str(reason),
            ) from error
        if len(content) > _LARGEST:
            raise PreuveError(f"the answer of {self.url} is too large for a timestamp", "check the address")
        return content
