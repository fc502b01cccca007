# -*- test-case-name: tests.test_i18n -*-
"""
``nevow.i18n``: texts that are translated by ``gettext`` when they are shown, into a language that the browser accepts.

.. code-block:: python

    from athenalite.i18n import _

    T.p[_("Hello, %s") % name]

The domain and the directory of translations are a :class:`I18NConfig` of the site, or arguments of a
:class:`Translator`.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Callable
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from twisted.python.components import registerAdapter
from zope.interface import implementer

from ._porting.missing import absent
from .context import Context, RequestContext
from .inevow import II18NConfig, ILanguages, IRenderer

__all__ = ["I18NConfig", "PlaceHolder", "Translator", "_", "languagesFactory", "render", "ungettext"]

_LANGUAGE: Final = re.compile("[A-Za-z0-9]{1,8}(-[A-Za-z0-9]{1,8}){0,3}")
#: gettext's functions by the names that Python 2 had for those that return text.
_FUNCTIONS: Final = MappingProxyType({"ugettext": "gettext", "ungettext": "ngettext", "lgettext": "gettext"})


def languagesFactory(ctx: Any) -> list[str]:
    """
    :return: the languages that the request accepts, the preferred one first; of ``en-GB`` also ``en``.
    """
    header = ctx.request.getHeader("accept-language") if ctx.request is not None else None
    languages: list[tuple[float, str]] = []
    for entry in (header or "").split(","):
        name, *parameters = (part.strip() for part in entry.split(";"))
        quality = _quality(parameters)
        # Names are parts of the paths of files.
        if _LANGUAGE.fullmatch(name) and quality > 0:
            languages.append((quality, name))
            if "-" in name:
                languages.append((quality, name.partition("-")[0]))
    return [name for _quality, name in sorted(languages, key=lambda pair: -pair[0])]


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return float(parameter[2:])
            except ValueError:
                break
    return 1.0


# ILanguages(ctx), and an application may register others for contexts of its own.
registerAdapter(languagesFactory, RequestContext, ILanguages)


@implementer(II18NConfig)
class I18NConfig:
    """
    Where translations are. ``site.remember(I18NConfig("shop", "locale"), inevow.II18NConfig)`` makes it the one of a
    :class:`athenalite.appserver.NevowSite`.
    """

    def __init__(self, domain: str | None = None, localeDir: str | None = None) -> None:
        """
        :param domain: of ``gettext``: the name of the files.
        :param localeDir: their directory; None for that of the system.
        """
        self.domain, self.localeDir = domain, localeDir


@implementer(IRenderer)
class PlaceHolder:
    """A text in a document, which is translated when it is shown. ``text % values`` is filled in then."""

    def __init__(self, translator: Callable[..., str], *args: Any, _mod: Any = (), **kwargs: Any) -> None:
        """
        :param translator: called with the other arguments, and with ``languages``, ``domain`` and ``localeDir``.
        """
        self.translator, self.args, self.kwargs, self.mod = translator, args, kwargs, tuple(_mod)

    def __mod__(self, values: Any) -> PlaceHolder:
        return PlaceHolder(self.translator, *self.args, _mod=(*self.mod, values), **self.kwargs)

    def __repr__(self) -> str:
        text = f"PlaceHolder(*{self.args!r}, translator={self.translator!r}, **{self.kwargs!r})"
        return "".join([text, *(f" % {values!r}" for values in self.mod)])

    def rend(self, ctx: Any, data: Any) -> str:
        """
        :return: the translated text.
        """
        config = II18NConfig(ctx, None)
        known = {"domain": config.domain, "localeDir": config.localeDir} if config is not None else {}
        arguments = {**self.kwargs, **{name: value for name, value in known.items() if value is not None}}
        text = self.translator(*self.args, **arguments, languages=ILanguages(ctx, []))
        for values in self.mod:
            text = text % values
        return text


class Translator:
    """
    Makes :class:`PlaceHolder` of texts: ``_("text")``.

    :ivar gettextFunction: the function of ``gettext`` that is called.
    """

    translator: Callable[..., str] | None = None
    gettextFunction = "gettext"

    def __init__(
        self, translator: Callable[..., str] | None = None, gettextFunction: str | None = None, **kwargs: Any
    ) -> None:
        """
        :param translator: called in the place of ``gettext``, with ``kwargs`` and the languages.
        :param kwargs: for ``gettext``: ``domain`` and ``localeDir``.
        """
        self.translator = translator or self.translator or self._gettextTranslation
        self.gettextFunction = gettextFunction or self.gettextFunction
        self.kwargs = kwargs

    def _gettextTranslation(
        self, *args: Any, domain: str | None = None, localeDir: str | None = None, languages: Any = None, **kwargs: Any
    ) -> str:
        names = [name.replace("-", "_") for name in languages or ()]
        translation = gettext.translation(domain or "messages", localeDir, names, fallback=True)
        name = _FUNCTIONS.get(self.gettextFunction, self.gettextFunction)
        text: str = getattr(translation, name)(*args, **kwargs)
        return text

    def __call__(self, *args: Any, **kwargs: Any) -> PlaceHolder:
        """
        :param args: the text; or what else the function takes.
        :return: a text that is translated when it is shown.
        """
        assert self.translator is not None
        return PlaceHolder(self.translator, *args, **{**self.kwargs, **kwargs})


#: Marks a text to be translated.
_: Final = Translator()
#: The same for a singular, a plural and a number.
ungettext: Final = Translator(gettextFunction="ngettext")


def render(translator: Translator | None = None) -> Callable[[Any, Context, Any], Any]:
    """
    A renderer that translates the text in its tag: ``render_i18n = i18n.render()`` in the class of a page.
    """
    translate = _ if translator is None else translator

    def render_i18n(page: Any, ctx: Context, data: Any) -> Any:
        assert ctx.tag is not None
        children, ctx.tag.children = ctx.tag.children, []
        return ctx.tag[[translate(child) if isinstance(child, str) else child for child in children]]

    return render_i18n


if not TYPE_CHECKING:
    # A type checker would take any name for one of this module's.
    __getattr__ = absent(__name__)
