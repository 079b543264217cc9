"""The command that runs the copy of the verifier in a bundle; `preuve verify` does the same with preuve's own code."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from .check import Witnesses, bundles_in, is_bundle, verify
from .report import exit_code, sentences

TEXTS = "texts.json"  # next to the folder of the verifier: language -> code -> sentence
_INVALID = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse, verify, print; returns the exit code."""
    texts = json.loads(Path(__file__).parent.with_name(TEXTS).read_text(encoding="utf-8"))
    options = _parser(sorted(texts["sentences"]), texts["language"]).parse_args(arguments)
    if not options.folder.is_dir():
        print(f"{options.folder} is not a folder", file=sys.stderr)
        return _INVALID
    for path, right in (
        (options.previous, Path.is_dir),
        (options.allowed_signers, Path.is_file),
        (options.ca, Path.is_file),
    ):
        if path is not None and not right(path):
            print(f"{path} is not there", file=sys.stderr)
            return _INVALID
    if bundles := bundles_in(options.folder):
        said = f"{options.folder} holds evidence bundles and is none itself: name one of them, such as {bundles[-1]}"
        print(said, file=sys.stderr)
        return _INVALID
    if not is_bundle(options.folder):
        print(f"{options.folder} is not an evidence bundle", file=sys.stderr)
        return _INVALID
    given = Witnesses(options.previous, options.head, options.allowed_signers, options.ca)
    items = verify(options.folder.resolve(), given)
    for sentence in sentences(items, texts["sentences"][options.language]):
        print(sentence)
    return exit_code(items)


def head(text: str) -> str:
    """Parse a head of the chain, as it is printed."""
    found = text.strip().lower()
    if not re.fullmatch("[0-9a-f]{64}", found):
        raise argparse.ArgumentTypeError("64 hexadecimal digits, as the audit printed them at its end")
    return found


def _parser(languages: Sequence[str], language: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="verify.py",
        description="Verify an evidence bundle. Exit codes: 0 intact and witnessed, 11 intact and not witnessed, "
        "10 something does not hold.",
    )
    parser.add_argument("folder", type=Path, help="the bundle")
    parser.add_argument("--previous", type=Path, help="an earlier bundle that you kept")
    parser.add_argument(
        "--head", type=head, action="append", default=[], help="head of the chain that the audit printed at its end"
    )
    parser.add_argument("--allowed-signers", type=Path, help="public keys that you got by another path")
    parser.add_argument("--ca", type=Path, help="root certificate of the timestamp authority, from the authority")
    parser.add_argument("--language", choices=languages, default=language)
    return parser


if __name__ == "__main__":
    sys.exit(main())
