"""The documentation of the door as one HTML page, made from the OpenAPI document. It loads nothing from anywhere."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from html import escape
from typing import Any

from fastapi.responses import HTMLResponse

STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
section { border-top: 1px solid #888; margin-top: 2rem; }
code, pre { font-family: ui-monospace, monospace; }
pre { background: #8882; padding: .75rem; overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #8886; padding: .25rem .5rem; text-align: left; vertical-align: top; }
:root { color-scheme: light dark; }
"""
POLICY = (
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
BOUNDS = {
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {}",
    "maxItems": "at most {}",
    "minimum": "at least {}",
    "exclusiveMinimum": "more than {}",
    "maximum": "at most {}",
}


class DocsPage:
    """Shows what `openapi` describes."""

    def __init__(self, openapi: Callable[[], dict[str, Any]]) -> None:
        self._openapi = openapi

    async def show(self) -> HTMLResponse:
        """The page."""
        return HTMLResponse(page(self._openapi()), headers={"Content-Security-Policy": POLICY})


def page(described: dict[str, Any]) -> str:
    """The whole document as HTML."""
    info = described["info"]
    sections = [
        _operation(method, path, operation)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    ]
    sections += [_schema(name, schema) for name, schema in described["components"]["schemas"].items()]
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(info["title"])}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head><body>'
        f"<h1>{escape(info['title'])}</h1>{_paragraphs(info['description'])}"
        f'<p>The same for machines: <a href="openapi.json">openapi.json</a></p>{"".join(sections)}</body></html>'
    )


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    parts = [f"<section><h2><code>{method.upper()} {escape(path)}</code></h2>"]
    parts.append(_paragraphs(operation.get("description", operation["summary"])))
    if "security" in operation:
        parts.append("<p>Needs <code>Authorization: Bearer …</code>, the token of the source.</p>")
    if "requestBody" in operation:
        content = operation["requestBody"]["content"]["application/json"]
        example = json.dumps(content["example"], indent=2, ensure_ascii=False)
        parts.append(f"<p>Body: {_type(content['schema'])}, for example:</p><pre>{escape(example)}</pre>")
    rows = [
        (f"<code>{code}</code>", _inline(answer["description"]), _type(_content(answer)))
        for code, answer in sorted(operation["responses"].items())
    ]
    parts.append(_table(("answer", "when", "body"), rows))
    return "".join(parts) + "</section>"


def _schema(name: str, schema: dict[str, Any]) -> str:
    heading = f'<section id="{escape(name)}"><h2>{escape(name)}</h2>{_paragraphs(schema.get("description", ""))}'
    if "enum" in schema:
        return f"{heading}<p>{_values(schema['enum'])}</p></section>"
    needed = schema.get("required", [])
    rows = [
        (
            f"<code>{escape(field)}</code>",
            "yes" if field in needed else "no",
            _type(about),
            _inline(about.get("description", "")),
        )
        for field, about in schema.get("properties", {}).items()
    ]
    return heading + _table(("field", "needed", "what", ""), rows) + "</section>"


def _type(schema: dict[str, Any]) -> str:
    """A type in a few words, with its bounds; a link when it stands elsewhere on the page."""
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2])
        return f'<a href="#{name}">{name}</a>'
    if "anyOf" in schema:
        return " or ".join(_type(one) for one in schema["anyOf"])
    if "enum" in schema:
        return _values(schema["enum"])
    words = [escape(schema.get("format", schema.get("type", "")))]
    if "items" in schema:
        words = [f"list of {_type(schema['items'])}"]
    words += [text.format(schema[bound]) for bound, text in BOUNDS.items() if bound in schema]
    return ", ".join(words)


def _content(answer: dict[str, Any]) -> dict[str, Any]:
    schema: dict[str, Any] = answer.get("content", {}).get("application/json", {}).get("schema", {})
    return schema


def _values(values: list[Any]) -> str:
    return ", ".join(f"<code>{escape(str(value))}</code>" for value in values)


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{_inline(part)}</p>" for part in text.split("\n\n") if part)


def _inline(text: str) -> str:
    """Words with `code` between backticks."""
    return "".join(_spans(text))


def _spans(text: str) -> Iterator[str]:
    for index, part in enumerate(text.split("`")):
        yield f"<code>{escape(part)}</code>" if index % 2 else escape(part)
