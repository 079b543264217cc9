"""The versions of Checkov with which preuve is proven. This module does not load Checkov itself."""

from __future__ import annotations

from preuve.model.errors import UsageError

# The patches, those for correctness as well as those for speed, replace internals of Checkov. With another version they
# may have no effect, and results that Checkov then drops would be missing without a word. pyproject.toml pins it.
PROVEN = ("3.3.30",)


def proven_version() -> str:
    """Return the version of Checkov that is installed. Raises UsageError if preuve is not proven with it."""
    hint = f"pip install 'checkov=={PROVEN[-1]}'"
    try:
        from checkov.version import version  # noqa: PLC0415 - loads nothing else of Checkov
    except ImportError:
        raise UsageError("Checkov is not installed", hint) from None
    if version not in PROVEN:
        proven = ", ".join(PROVEN)
        raise UsageError(f"preuve is proven with Checkov {proven}, but {version} is installed", hint)
    return str(version)
