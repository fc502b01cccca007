from itertools import count
from typing import Annotated

from msgspec import Meta

from athenalite.live import LiveElement, SharedElement, expose, part, renderer, sibpath, xmlfile

KEPT = 100
Name = Annotated[str, Meta(min_length=1, max_length=30)]
Text = Annotated[str, Meta(min_length=1, max_length=500)]


class Room(SharedElement):
    docFactory = xmlfile(sibpath(__file__, "messages.html"))

    def __init__(self):
        super().__init__()
        self.all = {}
        self.numbers = count(1)

    @part.each("all")
    def messages(self, request, tag, message):
        who, text = message
        return tag.fillSlots(who=who, text=text)

    def say(self, who, text):
        number = next(self.numbers)
        self.all[number] = who, text
        self.all.pop(number - KEPT, None)
        self.rerender("messages", number, number - KEPT)


ROOM = Room()


class Chatter(LiveElement):
    docFactory = xmlfile(sibpath(__file__, "chat.html"))
    cssModule = "Live"
    who = ""

    @renderer
    def room(self, request, tag):
        return tag[ROOM]

    @part
    def form(self, request, tag):
        return tag.fillSlots(who=self.who)

    @expose
    def say(self, who: Name, text: Text):
        self.who = who
        # The form is reset when it was taken, to what the server has rendered: the name stays.
        self.rerender("form")
        ROOM.say(who, text)
