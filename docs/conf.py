"""
Configuration of Sphinx; ``make docs`` runs it in the top directory of the tree.

The build fetches nothing, unless ``-t online`` (``make docs ONLINE=1``) asks for links to the documents of Python and
Twisted.
"""

import sys
from importlib.metadata import version as versionOf
from pathlib import Path

# For the extension below, and for the class that pydoctor is told to use.
sys.path.insert(0, str(Path(__file__).parent.parent))

project = "athenalite"
author = "the athenalite authors"
copyright = author
version = release = versionOf("athenalite")

extensions = ["pydoctor.sphinx_ext.build_apidocs", "sphinx.ext.intersphinx", "tools.documents"]
exclude_patterns = ["**/README.rst"]
nitpicky = True
# Quotes and dashes are shown as they are written.
smartquotes = False
highlight_language = "text"

html_theme = "furo"
html_title = f"athenalite {release}"
html_show_copyright = False
html_copy_source = False
# Fonts, scripts and styles are all in the output: none is fetched from elsewhere when a page is read.
html_static_path: list[str] = []

# The rest of pydoctor's options is in setup.cfg.
pydoctor_args = ["--html-output={outdir}/api"]
pydoctor_url_path = "api/"

intersphinx_mapping = {}
INVENTORIES = {"python": "https://docs.python.org/3/", "twisted": "https://docs.twisted.org/en/stable/api/"}
if tags.has("online"):  # noqa: F821  Sphinx defines it
    intersphinx_mapping.update({name: (url, None) for name, url in INVENTORIES.items()})
    pydoctor_args += [f"--intersphinx={url}objects.inv" for url in INVENTORIES.values()]
