# -*- test-case-name: tests.project.test_apidocs -*-
"""
How pydoctor shows athenalite: each public name in the module that applications import it from, the rest as private.

``make docs`` has pydoctor use the :class:`System` here; its other options are in ``setup.cfg``.
"""

import contextlib
from importlib import import_module
from pathlib import Path
from typing import Final

from pydoctor.extensions import ExtRegistrar, ModuleMixin
from pydoctor.model import Attribute, Documentable, Module, PrivacyClass
from pydoctor.model import System as PydoctorSystem

import athenalite

PACKAGE: Final = Path(athenalite.__file__).parent


def publicModules() -> tuple[str, ...]:
    """
    :return: the dotted names of the modules and packages whose paths have no underscore, the package itself first.
    """
    paths = (path.relative_to(PACKAGE.parent) for path in PACKAGE.rglob("*.py"))
    names = (path.parts[:-1] if path.stem == "__init__" else path.with_suffix("").parts for path in paths)
    return tuple(sorted(".".join(parts) for parts in names if not any(part.startswith("_") for part in parts)))


#: The modules that applications import from. A name that several of them export is shown in the first.
PUBLIC: Final = publicModules()


class KeepsNames(ModuleMixin):
    """
    A module that is not a package, to which no names are moved: pydoctor moves one into each module that has it in
    ``__all__``, so that it would be shown in the last.
    """

    @property
    def all(self) -> None:
        """Behave as if there were no ``__all__``."""

    @all.setter
    def all(self, names: object) -> None:
        pass


def bringHome(system: PydoctorSystem) -> None:
    """Move names from private modules to the public ones that have them in their ``__all__``."""
    for moduleName in PUBLIC:
        home = system.allobjects[moduleName]
        for name in getattr(import_module(moduleName), "__all__", ()):
            found = home.resolveName(name)
            if found is not None and found.module.fullName() not in PUBLIC:
                found.reparent(home, name)
        _rememberOrigins(system, home)


def _rememberOrigins(system: PydoctorSystem, home: Documentable) -> None:
    # Annotations are resolved in the module where they are written, not where they are shown. (The module
    # athenalite._core.expose is hidden by the function of this name.)
    modules = {module.source_path: module for module in system.objectsOfType(Module)}
    for shown in home.contents.values():
        if not isinstance(shown, Module):
            shown.parentMod = modules.get(shown.source_path, shown.parentMod)


def forwardImports(system: PydoctorSystem) -> None:
    """Link names that modules import from a former place to the place where they are shown."""
    for module in system.objectsOfType(Module):
        imported = module._localNameToFullName_map
        for name, fullName in imported.items():
            with contextlib.suppress(LookupError):
                found = system.find_object(fullName)
                imported[name] = found.fullName() if found else fullName


def setup_pydoctor_extension(registrar: ExtRegistrar) -> None:
    """Called by pydoctor when it loads this module as an extension."""
    registrar.register_mixin(KeepsNames)
    # First, so that the others find names where they are shown.
    registrar.register_post_processor(bringHome, forwardImports, priority=1000)


class System(PydoctorSystem):
    """Tells public from private by the module, and by the leading underscore as usual."""

    custom_extensions = [__name__]

    def privacyClass(self, ob: Documentable) -> PrivacyClass:
        """
        A private module and its top-level names are private, and its private constants hidden. Names in its classes
        are treated as elsewhere.
        """
        module = ob if isinstance(ob, Module) else ob.parent
        if isinstance(module, Module) and module.fullName() not in PUBLIC:
            # pydoctor shows the values of constants, and parses regular expressions as Python 3.6 did: it warns of
            # possessive quantifiers.
            hidden = isinstance(ob, Attribute) and ob.name.startswith("_")
            return PrivacyClass.HIDDEN if hidden else PrivacyClass.PRIVATE
        return super().privacyClass(ob)
