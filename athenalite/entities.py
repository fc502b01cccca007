# -*- test-case-name: tests.test_entities -*-
"""
``nevow.entities``: HTML's named characters, ``T.p["a", entities.nbsp, "b"]``. Text may also contain the characters
themselves.
"""

from __future__ import annotations

import builtins
from html.entities import name2codepoint
from keyword import iskeyword
from typing import Any

from twisted.web.template import CharRef

# A star import must not replace int, sum and the like.
__all__: list[str] = []
__all__.extend(name for name in sorted(name2codepoint) if not iskeyword(name) and not hasattr(builtins, name))


def __getattr__(name: str) -> Any:
    codepoint = name2codepoint.get(name)
    if codepoint is None:
        raise AttributeError(f"HTML has no character named {name!r}")
    return CharRef(codepoint)
