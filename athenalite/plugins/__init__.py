# -*- test-case-name: tests.assets.test_packages -*-
"""
Where an application may put plugins that say where its JavaScript and its style sheets are: modules in a directory
``athenalite/plugins``, without ``__init__.py``, in any entry of ``sys.path``. ``twisted/plugins`` does as well.
"""

from twisted.plugin import pluginPackagePaths

__path__.extend(pluginPackagePaths(__name__))
__all__: list[str] = []
