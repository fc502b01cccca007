# -*- test-case-name: tests.project.test_declarations -*-
"""
Write athenalite/js/athenalite.d.ts from the comments of what main.js exports: ``python -m tools.declarations``.

The compiler makes a file of declarations for each module. The exported names are taken from these, without internal
ones, and put into one module ``athenalite``. Types are left out of the comments, as the declarations have them.
"""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tools.programs import ADVICE, findTypeScript

JS = Path(__file__).parent.parent / "athenalite" / "js"
TARGET = JS / "athenalite.d.ts"

#: Types that are declared besides what main.js exports.
TYPES = ("WidgetInfo",)

HEADER = """/**
 * What `import { ... } from "athenalite"` gives an application's ES modules. Made by tools/declarations.py.
 *
 * Have your editor find it: `"include": ["js", "path/to/athenalite/js/athenalite.d.ts"]` in a tsconfig.json or a
 * jsconfig.json.
 */
declare module "athenalite" {
    /** What JSON can say. */
    export type JSONValue = null | boolean | number | string | JSONValue[] | { [name: string]: JSONValue };

"""

_OPTIONS = (
    *("--declaration", "--allowJs", "--emitDeclarationOnly"),
    *(
        "--target",
        "ES2022",
        "--module",
        "ES2022",
        "--moduleResolution",
        "node",
        "--lib",
        "ES2022,DOM",
        "--strictNullChecks",
    ),
)
_BEFORE = r"^(?:/\*\*(?:(?!\*/).)*\*/\n)?export "
_DECLARATIONS = (
    re.compile(_BEFORE + r"function (\w+)[^\n]*;\n", re.MULTILINE | re.DOTALL),
    re.compile(_BEFORE + r"(?:class|type) (\w+)(?:[^\n]*(?:;|\{\})\n|.*?^\};?\n)", re.MULTILINE | re.DOTALL),
)
_INTERNAL = re.compile(r" *(?:/\*\*(?:(?!\*/).)*@internal(?:(?!\*/).)*\*/\n[^\n]*\n)", re.DOTALL)
_COMMENT = re.compile(r"( *)/\*\*(.*?)\*/\n", re.DOTALL)
_BRACES = r"\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}"
_TYPE = re.compile(rf"(?<=^@param ){_BRACES} |(?<=^@returns ){_BRACES} ?")
_PARAMETER = re.compile(rf"^@template (?:{_BRACES} )?\[(\w+)=[^\]]*\]")
_SAYS_NOTHING = re.compile(r"@(?:param \[?\w+\]?|returns ?|readonly|type .*|template \w+|property .*)")


def exportedNames() -> list[str]:
    """Return the names that main.js exports, in its order."""
    [names] = re.findall(r"(?s)\nexport \{(.*?)\}", (JS / "main.js").read_text("utf-8"))
    return re.findall(r"\w+", names)


def declarations() -> str:
    """
    Return the content of athenalite.d.ts.

    :raises FileNotFoundError: if there is no compiler.
    """
    compiler = findTypeScript()
    if compiler is None:
        raise FileNotFoundError(ADVICE["tsc"])
    with tempfile.TemporaryDirectory() as directory:
        sources, output = Path(directory, "js"), Path(directory, "types")
        shutil.copytree(JS, sources, ignore=shutil.ignore_patterns(TARGET.name))
        subprocess.run([compiler, *_OPTIONS, "--outDir", output, sources / "main.js"], check=True, timeout=120)
        texts = [path.read_text("utf-8") for path in sorted(output.glob("*.d.ts"))]
        texts.append((JS / "deferred.d.ts").read_text("utf-8"))
    found = {match[1]: match[0] for text in texts for each in _DECLARATIONS for match in each.finditer(text)}
    parts = [_tidy(found[name]) for name in (*TYPES, *exportedNames())]
    return HEADER + "\n".join(parts) + "}\n"


def _tidy(declaration: str) -> str:
    # The compiler keeps type parameters of one name apart, each in its own signature.
    text = re.sub(r"\b([A-Z][a-z]*)_\d\b", r"\1", _INTERNAL.sub("", declaration))
    text = _COMMENT.sub(lambda match: _commented(match[1], match[2]), text)
    text = re.sub(r'import\("[^"]*"\)\.', "", text)
    return "".join(f"    {line}" if line.strip() else line for line in text.splitlines(keepends=True))


def _commented(indent: str, comment: str) -> str:
    lines = "\n".join(_lines(comment)).strip().splitlines()
    if len(lines) > 1:
        return "".join(f"{indent}{line}\n" for line in ("/**", *(f" * {line}".rstrip() for line in lines), " */"))
    return "".join(f"{indent}/** {line} */\n" for line in lines)


def _lines(comment: str) -> Iterator[str]:
    # A tag and its continuation lines are one.
    for part in re.split(r"\n(?=\s*\*\s*@)", comment):
        lines = [re.sub(r"^\s*\* ?", "", line).rstrip() for line in part.strip().splitlines() or [""]]
        first = _PARAMETER.sub(
            r"@template \1", _TYPE.sub("", re.sub("^@typedef .*? (?=[A-Z])\\w+ ", "", lines[0].strip()))
        )
        if not _SAYS_NOTHING.fullmatch(first):
            yield from (first, *lines[1:])


if __name__ == "__main__":
    TARGET.write_text(declarations(), "utf-8")
