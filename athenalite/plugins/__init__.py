# -*- test-case-name: tests.assets.test_packages -*-
"""
Plugins that name the directories of an application's scripts and style sheets: modules in a directory
``athenalite/plugins``, without ``__init__.py``, in any entry of ``sys.path``. ``twisted/plugins`` works as well.
"""

from twisted.plugin import pluginPackagePaths

__path__.extend(pluginPackagePaths(__name__))
__all__: list[str] = []
