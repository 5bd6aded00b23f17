"""Write the shapes of Block Kit as JSON, from the type declarations of the npm package `@slack/types`.

    npm pack @slack/types && tar xzf slack-types-*.tgz
    python tools/slack_types.py package > tests/support/slack/slack_types.json

The tests check every payload against that file and need neither npm nor TypeScript.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

_FILES = (
    "block-kit/blocks",
    "block-kit/block-elements",
    "block-kit/composition-objects",
    "block-kit/extensions",
    "views",
)
_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
_TOKEN = re.compile(r"'[^']*'|\w+|\[\]|[{}()\[\]|&<>,;:?=]|\.\.\.")


class Reader:
    """Reads the declarations that the package uses: interfaces, unions, intersections, arrays, literals."""

    def __init__(self, source: str) -> None:
        self._tokens: list[str] = _TOKEN.findall(_COMMENT.sub("", source))
        self._at = 0

    def declarations(self) -> dict[str, Any]:
        """Name -> shape of each interface and type."""
        found: dict[str, Any] = {}
        while self._at < len(self._tokens):
            token = self._next()
            if token == "interface":
                name = self._next()
                parents = self._parents()
                found[name] = {"kind": "object", "parents": parents, **self._object()}
            elif token == "type" and self._peek(1) == "=":
                name = self._next()
                self._next()
                found[name] = self._union()
            elif token == "import":
                while self._next() != ";":
                    pass
        return found

    def _peek(self, ahead: int = 0) -> str:
        return self._tokens[self._at + ahead] if self._at + ahead < len(self._tokens) else ""

    def _next(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1]

    def _take(self, token: str) -> bool:
        taken = self._peek() == token
        self._at += taken
        return taken

    def _parents(self) -> list[str]:
        parents = []
        if self._take("extends"):
            parents.append(self._next())
            while self._take(","):
                parents.append(self._next())
        return parents

    def _object(self) -> dict[str, Any]:
        properties: dict[str, Any] = {}
        required = []
        self._next()
        while not self._take("}"):
            name = self._next()
            if not self._take("?"):
                required.append(name)
            self._next()
            properties[name] = self._union()
            self._take(";")
        return {"properties": properties, "required": required}

    def _union(self) -> Any:
        options = [self._intersection()]
        while self._take("|"):
            options.append(self._intersection())
        return options[0] if len(options) == 1 else {"kind": "union", "of": options}

    def _intersection(self) -> Any:
        parts = [self._array()]
        while self._take("&"):
            parts.append(self._array())
        return parts[0] if len(parts) == 1 else {"kind": "all", "of": parts}

    def _array(self) -> Any:
        shape = self._single()
        while self._take("[]"):
            shape = {"kind": "array", "of": shape}
        return shape

    def _single(self) -> Any:
        token = self._peek()
        if token == "{":
            return {"kind": "object", "parents": [], **self._object()}
        self._next()
        if token == "(":
            shape = self._union()
            self._next()
            return shape
        if token == "[":
            return self._tuple()
        if token.startswith("'"):
            return {"kind": "literal", "value": token[1:-1]}
        if token.isdigit():
            return {"kind": "literal", "value": int(token)}
        return self._named(token)

    def _tuple(self) -> Any:
        members = []
        while not self._take("]"):
            self._take("...")
            members.append(self._union())
            self._take(",")
        return {"kind": "array", "of": members[0]}

    def _named(self, name: str) -> Any:
        if self._take("<"):
            depth = 1
            while depth:
                depth += {"<": 1, ">": -1}.get(self._next(), 0)
            return {"kind": "any"}
        return {"kind": "any"} if name in {"unknown", "any"} else {"kind": "ref", "name": name}


def main() -> None:
    """Print the shapes of the unpacked package named on the command line."""
    folder = Path(sys.argv[1])
    shapes: dict[str, Any] = {}
    for name in _FILES:
        shapes |= Reader((folder / "dist" / f"{name}.d.ts").read_text(encoding="utf-8")).declarations()
    version = json.loads((folder / "package.json").read_text(encoding="utf-8"))["version"]
    lines = [f"  {json.dumps(name)}: {json.dumps(shapes[name], sort_keys=True)}" for name in sorted(shapes)]
    print(f'{{"made_from": "@slack/types {version}", "shapes": {{')
    print(",\n".join(lines))
    print("}}")


if __name__ == "__main__":
    main()
