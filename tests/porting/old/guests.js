// import Nevow.Athena
Guests.Guest = Nevow.Athena.Widget.subclass("Guests.Guest");
Guests.Guest.methods(
    function show(self, name) {
        self.node.innerHTML = '<a href="#" onclick="go()">' + name + '</a>';
        eval("self." + name);
        if (Divmod.Runtime.theRuntime instanceof Divmod.Runtime.Firefox) {
            self.show();
        }
    });
