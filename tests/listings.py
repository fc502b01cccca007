"""The listings in documents, as code that runs."""

import textwrap
from typing import Any


def runListing(code: str, **names: Any) -> dict[str, Any]:
    """Run Python code as a document has it, indented or not, with these names; return all names there are then."""
    # The code is in this very tree.
    exec(textwrap.dedent(code), names)  # noqa: S102
    return names
