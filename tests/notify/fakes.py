"""Hosts on 127.0.0.1 that check requests by their own rules, and fail on request."""

from __future__ import annotations

import json
import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


@dataclass
class Seen:
    """A request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Fault:
    """A fault for the next matching requests: `after` the action, or in its place."""

    match: Callable[[Seen], bool]
    kind: str  # drop | stall | status
    status: int = 500
    headers: dict[str, str] = field(default_factory=dict)
    after: bool = False
    times: int = 1
    body: bytes = b"{}"


Reply = tuple[int, bytes]


@dataclass
class Host:
    """A host: answers by `answer`, records requests and their defects."""

    answer: Callable[[Seen], Reply]
    seen: list[Seen] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)
    url: str = ""
    end: Event = field(default_factory=Event)

    def fault(self, match: Callable[[Seen], bool], kind: str, **more: Any) -> None:
        self.faults.append(Fault(match, kind, **more))

    def _fault(self, seen: Seen) -> Fault | None:
        for fault in self.faults:
            if fault.times and fault.match(seen):
                fault.times -= 1
                return fault
        return None

    def handle(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        seen = Seen(handler.command, handler.path, dict(handler.headers.items()), body)
        with self.lock:
            self.seen.append(seen)
            fault = self._fault(seen)
            status, content = self.answer(seen) if fault is None or fault.after else (0, b"")
        if fault is None:
            return reply(handler, status, content, {})
        if fault.kind == "status":
            return reply(handler, fault.status, fault.body, fault.headers)
        if fault.kind == "stall":
            self.end.wait(10)
        handler.close_connection = True
        handler.connection.close()


def reply(handler: BaseHTTPRequestHandler, status: int, body: bytes, headers: dict[str, str]) -> None:
    handler.send_response(status)
    for name, value in {**headers, "Content-Length": str(len(body))}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


@contextmanager
def serving(host: Host, certificate: tuple[Path, Path] | None = None) -> Iterator[Host]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            host.handle(self)

        do_POST = do_PUT = do_CONNECT = do_GET  # noqa: N815 - as http.server calls them

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    host.url = f"{'https' if certificate else 'http'}://127.0.0.1:{server.server_port}"
    try:
        yield host
    finally:
        host.end.set()
        server.shutdown()
        server.server_close()


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A self-signed certificate of 127.0.0.1, and its key."""
    made = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(made.public_key())
    builder = builder.serial_number(1).not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(1))
    names = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
    signed = builder.add_extension(names, critical=False).sign(made, hashes.SHA256())
    pem, key = folder / f"{name}.pem", folder / f"{name}.key"
    pem.write_bytes(signed.public_bytes(Encoding.PEM))
    key.write_bytes(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return pem, key


# ---- Jira ---------------------------------------------------------------------------------------------------------


@dataclass
class Issue:
    number: int
    key: str
    fields: dict[str, Any]
    properties: dict[str, Any]
    category: str = "new"
    comments: list[Any] = field(default_factory=list)
    unseen: int = 0  # searches until the index has it
    creator: str = "robot"  # whose credentials the tests have
    former: str = ""  # its key before it was moved into another project


class Jira(Host):
    """REST API v3 as far as tickets need it; bodies are checked against the shapes of its OpenAPI description."""

    def __init__(self) -> None:
        super().__init__(self._answer)
        self.issues: list[Issue] = []
        self.lag = 0
        self.late = False  # the index has no property and no status yet
        self.page = 2  # so that lists have pages
        self.moves = {"21": ("Terminer", "done"), "31": ("Rouvrir", "new"), "41": ("In Progress", "indeterminate")}
        self.demanded: list[str] = []

    def only(self) -> Issue:
        assert len(self.issues) == 1, [issue.key for issue in self.issues]
        return self.issues[0]

    def texts(self, issue: Issue) -> list[str]:
        return ["\n".join(texts(comment["body"])) for comment in issue.comments]

    def wrote(self) -> list[Seen]:
        return [seen for seen in self.seen if seen.method != "GET" and not seen.path.endswith("/search/jql")]

    def _answer(self, seen: Seen) -> Reply:
        path = seen.path.partition("?")[0].removeprefix("/rest/api/3")
        if not seen.headers.get("Authorization", "").startswith(("Basic ", "Bearer ")):
            return 401, b"{}"
        for pattern, method, act in (
            (r"/search/jql", "POST", self._search),
            (r"/issue", "POST", self._create),
            (r"/issue/([A-Z]+-\d+)", "GET", self._get),
            (r"/issue/([A-Z]+-\d+)/comment", "GET", self._comments),
            (r"/issue/([A-Z]+-\d+)/comment", "POST", self._comment),
            (r"/issue/([A-Z]+-\d+)/transitions", "GET", self._transitions),
            (r"/issue/([A-Z]+-\d+)/transitions", "POST", self._move),
            (r"/issue/([A-Z]+-\d+)/properties/preuve", "PUT", self._remember),
        ):
            match = re.fullmatch(pattern, path)
            if match and seen.method == method:
                found = [it for it in self.issues if {it.key, it.former} & set(match.groups())]
                if match.groups() and not found:
                    return 404, b'{"errorMessages":["Issue does not exist or you do not have permission to see it."]}'
                return act(seen, *found)
        self.wrong.append(f"no such call: {seen.method} {seen.path}")
        return 404, b"{}"

    def _only_has(self, data: Any, *names: str) -> None:
        if not isinstance(data, dict) or set(data) - set(names):
            self.wrong.append(f"not {names}: {data!r}")

    def _search(self, seen: Seen) -> Reply:
        body = seen.json
        self._only_has(body, "jql", "fields", "properties", "maxResults", "nextPageToken")
        match = re.fullmatch(r'labels = "([^"]+)" AND project = "([A-Z]+)" AND creator = currentUser\(\)', body["jql"])
        if not match or len(body.get("properties", [])) > 5:
            self.wrong.append(body["jql"])
            return 400, b'{"errorMessages":["not bounded"]}'
        found = []
        for issue in self.issues:
            there = issue.key.startswith(f"{match[2]}-") and issue.creator == "robot"
            if there and match[1] in issue.fields["labels"]:
                if issue.unseen:
                    issue.unseen -= 1
                else:
                    found.append(issue)
        start = int(body.get("nextPageToken", "0"))
        more = {"nextPageToken": str(start + self.page)} if found[start + self.page :] else {}
        listed = found[start : start + self.page]
        if "properties" not in body:
            listed = [replace(issue, properties={}) for issue in listed]
        if self.late:
            listed = [replace(issue, properties={}, category="new") for issue in listed]
        issues = [self._issue(issue) for issue in listed]
        return 200, json.dumps({"issues": issues, "isLast": not more, **more}).encode()

    def _issue(self, issue: Issue) -> Any:
        status = {"name": issue.category, "statusCategory": {"id": 4, "key": issue.category}}
        fields = {"labels": issue.fields["labels"], "status": status}
        return {"id": str(issue.number), "key": issue.key, "fields": fields, "properties": issue.properties}

    def _get(self, seen: Seen, issue: Issue) -> Reply:
        return 200, json.dumps(self._issue(issue)).encode()

    def _create(self, seen: Seen) -> Reply:
        body = seen.json
        self._only_has(body, "fields", "properties", "update", "transition", "historyMetadata")
        fields = body["fields"]
        missing = [name for name in self.demanded if name not in fields]
        if missing:
            return 400, json.dumps({"errors": {name: f"{name} is required." for name in missing}}).encode()
        self._only_has(fields["project"], "key", "id")
        self._only_has(fields["issuetype"], "name", "id")
        self._document(fields["description"])
        summary, labels = fields["summary"], fields["labels"]
        if not 0 < len(summary) <= 255 or "\n" in summary:
            self.wrong.append(f"summary: {summary!r}")
        if any(" " in label or len(label) > 255 for label in labels):
            self.wrong.append(f"labels: {labels}")
        number = 10000 + len(self.issues)
        properties = {item["key"]: item["value"] for item in body["properties"]}
        self._small(properties)
        key = f"{fields['project']['key']}-{len(self.issues) + 1}"
        self.issues.append(Issue(number, key, fields, properties, unseen=self.lag))
        return 201, json.dumps({"id": str(number), "key": key, "self": f"{self.url}/x"}).encode()

    def _comments(self, seen: Seen, issue: Issue) -> Reply:
        if "orderBy=-created" not in seen.path:
            self.wrong.append(seen.path)
        return 200, json.dumps({"comments": issue.comments[::-1], "total": len(issue.comments)}).encode()

    def _comment(self, seen: Seen, issue: Issue) -> Reply:
        self._only_has(seen.json, "body", "visibility", "properties")
        self._document(seen.json["body"])
        issue.comments.append({"id": str(len(issue.comments)), "body": seen.json["body"]})
        return 201, json.dumps(issue.comments[-1]).encode()

    def _transitions(self, seen: Seen, issue: Issue) -> Reply:
        offered = [{"id": name, "name": move[0], "to": {"name": move[1]}} for name, move in self.moves.items()]
        return 200, json.dumps({"transitions": offered}).encode()

    def _move(self, seen: Seen, issue: Issue) -> Reply:
        self._only_has(seen.json, "transition", "fields", "update")
        self._only_has(seen.json["transition"], "id")
        if seen.json["transition"]["id"] not in self.moves:
            return 400, b'{"errorMessages":["no such transition"]}'
        issue.category = self.moves[seen.json["transition"]["id"]][1]
        return 204, b""

    def _remember(self, seen: Seen, issue: Issue) -> Reply:
        self._small(seen.json)
        issue.properties["preuve"] = seen.json
        return 200, b"{}"

    def _small(self, data: Any) -> None:
        if len(json.dumps(data)) > 32768:
            self.wrong.append("the property is too large")

    def _document(self, data: Any) -> None:
        """ADF: a document of paragraphs of texts, none of them empty."""
        self._only_has(data, "type", "version", "content")
        if (data["type"], data["version"]) != ("doc", 1) or not data["content"]:
            self.wrong.append(f"document: {data}")
        for part in data["content"]:
            self._only_has(part, "type", "content")
            if part["type"] != "paragraph":
                self.wrong.append(f"block: {part}")
            for node in part["content"]:
                self._only_has(node, "type", "text", "marks")
                if node["type"] != "text" or not node["text"]:
                    self.wrong.append(f"node: {node}")
        if sum(map(len, texts(data))) > 32767:
            self.wrong.append("the text is too long")


def texts(node: Any) -> list[str]:
    """The texts of a document."""
    if isinstance(node, list):
        return [text for child in node for text in texts(child)]
    return [node["text"]] if "text" in node else texts(node.get("content", []))


# ---- Slack --------------------------------------------------------------------------------------------------------


class Slack(Host):
    """An incoming webhook with Slack's limits."""

    path = "/services/T000/B000/verysecret"

    def __init__(self) -> None:
        super().__init__(self._answer)
        self.messages: list[Any] = []

    def _answer(self, seen: Seen) -> Reply:
        if seen.path != self.path:
            return 404, b"no_service"
        wrong = slack_faults(seen.json)
        self.wrong += wrong
        if wrong:
            return 400, b"invalid_blocks"
        self.messages.append(seen.json)
        return 200, b"ok"


def slack_faults(message: Any) -> list[str]:
    """Return the parts of a message that Slack would refuse, or display differently."""
    found = []
    blocks = message["blocks"]
    said = [block["text"]["text"] for block in blocks]
    if not 0 < len(blocks) <= 50:
        found.append(f"{len(blocks)} blocks")
    for text in (*said, message["text"]):
        length = len(text.encode("utf-16-le", "surrogatepass")) // 2
        if not 0 < length <= 3000:
            found.append(f"{length} characters in a section")
        if re.search(r"[<>]|&(?!amp;|lt;|gt;)", text):
            found.append(f"not escaped: {text}")
    if sum(len(text.encode("utf-16-le", "surrogatepass")) // 2 for text in (*said, message["text"])) > 13000:
        found.append("too long in all")
    if any(block["type"] != "section" or block["text"]["type"] != "mrkdwn" for block in blocks):
        found.append("another kind of block")
    return found
