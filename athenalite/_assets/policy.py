# -*- test-case-name: tests.assets.test_policy -*-
"""
The Content-Security-Policy of a page whose scripts, style sheets or sockets come from another origin.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final
from urllib import parse

from .assets import Roots

#: For each kind of load, the directives that may rule it; the first that a policy has does (CSP Level 3, section 6.8).
_RULES: Final = MappingProxyType(
    {
        "script": ("script-src-elem", "script-src", "default-src"),
        "style": ("style-src-elem", "style-src", "default-src"),
        "image": ("img-src", "default-src"),
        "font": ("font-src", "default-src"),
        "connection": ("connect-src", "default-src"),
    }
)
#: The source that allows ``eval``.
EVALS: Final = "'unsafe-eval'"


def allowing(policy: str, roots: Roots) -> str:
    """
    :param policy: of a page; several are separated by commas, and each must allow what the page loads.
    :param roots: the addresses that it loads from.
    :return: the policy with their origins, if they are others than the page's own.
    """
    if not roots.areForeign:
        return policy
    styles = _originOf(roots.styles)
    needed = {
        "script": [_originOf(roots.scripts)],
        # Images and fonts are beside the style sheets that name them.
        **dict.fromkeys(("style", "image", "font"), [styles]),
        "connection": _ofSockets(_originOf(roots.transport)),
    }
    if not any(map(any, needed.values())):
        return policy
    return ", ".join(_allowing(one, needed) for one in policy.split(","))


def isLenient(policy: str) -> bool:
    """
    :return: whether a Content-Security-Policy lets inline scripts run, or ``eval``.
    """
    # Browsers ignore a directive that comes again.
    rules = {one.split()[0].lower(): one.split()[1:] for one in reversed(policy.split(";")) if one.strip()}
    scripts = rules.get("script-src", rules.get("default-src"))
    if scripts is None:
        return True
    # Browsers ignore 'unsafe-inline' beside a nonce or a hash (CSP Level 3, section 6.7.3.2).
    strict = any(one.startswith(("'nonce-", "'sha")) for one in scripts)
    return EVALS in scripts or ("'unsafe-inline'" in scripts and not strict)


def _originOf(address: str) -> str:
    parts = parse.urlsplit(address)
    # What could end the directive is in no origin.
    host = parts.netloc.rpartition("@")[2]
    if not host or set(host) & set("; ,'\""):
        return ""
    # Without a scheme, as in //cdn.example/js, it is that of the page.
    return f"{parts.scheme}://{host}" if parts.scheme else host


def _ofSockets(origin: str) -> list[str]:
    # The page also asks there, over HTTP, why it has no socket, and reports there that it was left.
    scheme, separator, host = origin.rpartition("://")
    if not separator:
        return [origin, f"ws://{host}", f"wss://{host}"] if origin else []
    return [origin, f"{'wss' if scheme in ('https', 'wss') else 'ws'}://{host}"]


def _allowing(policy: str, needed: dict[str, list[str]]) -> str:
    directives: dict[str, list[str]] = {}
    for one in filter(None, map(str.strip, policy.split(";"))):
        name, *sources = one.split()
        # Browsers ignore a directive that comes again.
        directives.setdefault(name.lower(), sources)
    for kind, origins in needed.items():
        for source in filter(None, origins):
            _add(directives, _RULES[kind], source)
    return "; ".join(" ".join([name, *sources]) for name, sources in directives.items())


def _add(directives: dict[str, list[str]], names: tuple[str, ...], source: str) -> None:
    ruling = next((name for name in names if name in directives), None)
    # Without a rule everything is allowed, and a new one would forbid the rest.
    if ruling is None or source in directives[ruling]:
        return
    sources = [one for one in directives[ruling] if one.lower() != "'none'"]
    directives[names[-2] if ruling == "default-src" else ruling] = [*sources, source]
