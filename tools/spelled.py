"""The written form of types in a file that are not read by their members."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from preuve.model.content import Automation, Severity


def _only(keys: Mapping[str, Any]) -> dict[str, Any]:
    """Return an object with just these keys."""
    return {"type": "object", "additionalProperties": False, "properties": keys, "required": list(keys)}


_WORDS = {"type": "string", "minLength": 1}
_CODE = {**_WORDS, "pattern": "^[A-Za-z0-9._]+$", "description": "An error code."}
_MESSAGE = {**_WORDS, "description": "A part of AWS's message, where the code alone is ambiguous."}
_PAIRS = {
    "type": "array",
    "items": {"type": "string"},
    "minItems": 2,
    "maxItems": 2,
    "description": "[Key, Value]: a list of pairs becomes a map.",
}
_COLUMNS = {
    "type": "object",
    "additionalProperties": {"enum": ["string", "boolean", "integer", "double", "timestamp"]},
    "minProperties": 1,
    "description": "Columns and their types.",
}
_VALUES = {
    "type": "object",
    "additionalProperties": {"type": "string"},
    "minProperties": 1,
    "description": "Replaces one value by another.",
}
WRITTEN: Mapping[str, Mapping[str, Any]] = {  # the written form of types that are not read by their members
    "Text": {
        "type": "object",
        "description": "A text in both languages.",
        "properties": {"en": {**_WORDS, "description": "English"}, "fr": {**_WORDS, "description": "French"}},
        "required": ["en", "fr"],
        "propertyNames": {"pattern": "^[a-z]{2}$"},
        "additionalProperties": _WORDS,
    },
    "PlainText": {
        "description": "A text in both languages, or one string where it is the same in both.",
        "anyOf": [{"$ref": "#/$defs/Text"}, {**_WORDS, "description": "The same in both languages."}],
    },
    "Absence": {
        "anyOf": [
            {"enum": ["fail", "not_applicable", "pass"]},
            {
                "type": "object",
                "description": "Goes on as if this had been read.",
                "additionalProperties": False,
                "properties": {"is": {"description": "The value to go on with."}},
                "required": ["is"],
            },
        ]
    },
    "AbsentError": {"anyOf": [_CODE, _only({"code": _CODE, "message": _MESSAGE})]},
    "Transform": {
        "anyOf": [
            {"$ref": "#/$defs/Step"},
            {
                "type": "array",
                "minItems": 1,
                "items": {"$ref": "#/$defs/Step"},
                "description": "Applied in this order.",
            },
        ]
    },
    "Step": {
        "anyOf": [
            {"enum": ["json", "policy", "base64", "secrets"]},
            _only({"map": _PAIRS}),
            _only({"csv": _COLUMNS}),
            _only({"values": _VALUES}),
        ]
    },
    "Automation": {"enum": [item.value for item in Automation], "description": Automation.__doc__},
    "Severity": {"enum": [severity.value for severity in Severity], "description": Severity.__doc__},
}
