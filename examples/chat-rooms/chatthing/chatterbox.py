from twisted.python.util import sibpath
from athenalite.loaders import xmlfile
from athenalite.athena import LiveElement, expose
from athenalite.rooms import Room, everywhere

class ChatRoom(Room):

    def __init__(self):
        Room.__init__(self, 'lobby')
        self.chatters = []

    def wall(self, message):
        for chatter in self.chatters:
            chatter.wall(message)
    wall = everywhere(wall)

    def tellEverybody(self, username, what):
        for chatter in self.chatters:
            chatter.hear(username, what)
    tellEverybody = everywhere(tellEverybody)

    def makeChatter(self):
        elem = ChatterElement(self)
        self.chatters.append(elem)
        return elem

# element to be run with twistd
chat = ChatRoom().makeChatter

class ChatterElement(LiveElement):

    docFactory = xmlfile(sibpath(__file__, 'template.html'))
    jsClass = u'ChatThing.ChatterWidget'

    def __init__(self, room):
        self.room = room

    def setUsername(self, username):
        self.username = username
        message = ' * user '+username+' has joined the room'
        self.room.wall(message)
    setUsername = expose(setUsername)

    def say(self, message):
        self.room.tellEverybody(self.username, message)
    say = expose(say)

    def wall(self, message):
        self.callRemote('displayMessage', message)

    def hear(self, username, what):
        self.callRemote('displayUserMessage', username, what)
