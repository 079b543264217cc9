"""What looks like a secret. Detectors are named, so that a finding can say which one matched without the value."""

from __future__ import annotations

import re
from collections.abc import Mapping

# A whole name that holds a telling word. Names begin where no name runs already and give nothing back: linear time.
_NAME = r"(?<![a-z0-9_.-])(?=[a-z0-9_.-]*(?:password|passwd|pwd|secret|token|api_?key))[a-z0-9_.-]++"
# A bare colon also joins the parts of ARNs (`…:secret:prod/db`) and IAM actions (`secretsmanager:GetSecretValue`).
_COLON = r"(?:(?<![:/]password)(?<=password)|(?<![:/]passwd)(?<=passwd)|(?<![:/]pwd)(?<=pwd)):"
_PATTERNS = {
    "private_key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)",
    "aws_access_key": r"(?<![0-9A-Za-z])(?:AKIA|ASIA)[0-9A-Z]{16}(?![0-9A-Za-z])",
    "aws_secret_key": r"(?i:aws_?secret[a-z_]*\s*[=:]\s*[\"']?)[A-Za-z0-9/+=]{40}",
    "json_web_token": r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10,}+\.[A-Za-z0-9_-]{10,}+\.[A-Za-z0-9_-]*",
    "github_token": r"\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,})\b",
    "gitlab_token": r"\bglpat-[A-Za-z0-9_-]{20,}",
    "slack_token": r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}",
    "stripe_key": r"\b[rs]k_live_[A-Za-z0-9]{20,}\b",
    "url_password": r"(?<![A-Za-z0-9+.-])[a-z][a-z0-9+.-]*+://[^/\s:@]+:[^/\s@]+@",
    "assignment": (
        rf"(?i:{_NAME}(?:[\"']?\s*+(?:=|:(?=[\s\"']))|{_COLON}))"
        r"\s*+[\"']?(?!arn:)[^\s\"'{}$<>,;]{6,}"
    ),
}
SECRET = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _PATTERNS.items()))
# What is a secret wherever it stands, and what a text that holds one contains in lower case: most texts contain none.
# An assignment is a secret in data only: in a sentence it is a word and a colon.
_CERTAIN = {
    "private_key": ("private key",),
    "aws_access_key": ("akia", "asia"),
    "aws_secret_key": ("aws_secret", "awssecret"),
    "json_web_token": ("eyj",),
    "github_token": ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
    "gitlab_token": ("glpat-",),
    "slack_token": ("xox",),
    "stripe_key": ("k_live_",),
    "url_password": ("@",),
}
# In a file a quote or a bracket ends a text, whatever follows it there; no URL has one.
_IN_URL = r"(?<![A-Za-z0-9+.-])[a-z][a-z0-9+.-]*+://[^/\s:@\"<>\\^`{|}]+:[^/\s@\"<>\\^`{|}]+@"
_EACH = {name: re.compile(_PATTERNS[name]) for name in _CERTAIN} | {"url_password": re.compile(_IN_URL)}
_NAMED_SECRET = re.compile(r"(?i)password|passwd|pwd|secret|token|api_?key|private_?key|credential")
_REFERENCE = re.compile(r"(?i)arn:.*|\{\{resolve:.*|/[\w./-]+|https?://[^@]*|true|false|\d{1,5}|[a-z0-9-]+/[a-z0-9/-]+")
# What a secret access key of AWS looks like, slashes and all; a path has not all three kinds of signs.
_KEY_LIKE = re.compile(r"(?=[^A-Z]*[A-Z])(?=[^a-z]*[a-z])(?=[^0-9]*[0-9])[A-Za-z0-9/+]{40}")


def detectors(text: str) -> list[str]:
    """The names of the detectors that match, each once."""
    return sorted({match.lastgroup or "" for match in SECRET.finditer(text)})


def certain(text: str) -> list[str]:
    """The names of the detectors of what is a secret in any text, each once; quick on long texts that hold none."""
    lower = text.lower()
    likely = [name for name, parts in _CERTAIN.items() if any(part in lower for part in parts)]
    return [name for name in likely if _holds(name, text)]


def _holds(name: str, text: str) -> bool:
    if name == "url_password":  # on one line, and slow on all the others
        return any(_EACH[name].search(line) for line in text.split("\n") if "://" in line and "@" in line)
    return _EACH[name].search(text) is not None


def without_certain(text: str) -> str:
    """A text with a word in place of what is a secret in any text."""
    for name in certain(text):
        text = _EACH[name].sub(f"removed-{name.replace('_', '-')}", text)
    return text


def in_text(text: str) -> list[dict[str, str]]:
    """Secrets found in a text, as `{Key, Detector}` without the values."""
    return [{"Key": "", "Detector": name} for name in detectors(text)]


def in_map(values: Mapping[str, object]) -> list[dict[str, str]]:
    """Secrets found in a map such as environment variables: by value, or by a telling name with a literal value."""
    found = []
    for key, value in sorted(values.items()):
        text = str(value)
        names = detectors(text)
        if not names and text and _NAMED_SECRET.search(key) and not _is_reference(text):
            names = ["telling_name"]
        found += [{"Key": key, "Detector": name} for name in names]
    return found


def _is_reference(text: str) -> bool:
    return _REFERENCE.fullmatch(text) is not None and _KEY_LIKE.fullmatch(text) is None
