"""An element as templates of 2009 were: with an inline script and an inline handler."""

from athenalite.athena import LiveElement
from athenalite.loaders import xmlstr


class InlineElement(LiveElement):
    """Its script and its handler change the document's title."""

    docFactory = xmlstr("""
    <div xmlns:nevow="http://nevow.com/ns/nevow/0.1" nevow:render="liveElement">
        <script>document.title = "ran"</script>
        <b onclick="document.title = 'clicked'">click</b>
        <p />
    </div>
    """)
