/**
 * Pages that an application's unit tests make themselves, without a server: `Nevow.Athena.PageWidget(id, makeChannel)`. What
 * they send goes to the channel that `makeChannel(page)` returns, as `addMessage(["call", [request, method, object, args,
 * kwargs]])`, and a test answers by `page.action_respond(request, success, result)`.
 *
 * Only pages of tests load this module.
 */

// import Nevow.Athena

{
    const { PageWidget, CONNECTED, DISCONNECTED } = Nevow.Athena;
    const { __init__: initWidget, connectionLost: loseWidget } = PageWidget.prototype;

    /** The page of the core that such a page widget has in the place of a real one. */
    class OwnPage {
        document = document;
        settings = { transport: "./_athena/transport" };
        observers = [];
        count = 0;

        constructor(widget) {
            this.widget = widget;
            this.base = document.baseURI;
            this.status = {
                lost(reason, className) {
                    const dialog = document.createElement("div");
                    dialog.className = className;
                    document.body.appendChild(dialog);
                },
            };
            this.session = {
                pause: () => widget.deliveryChannel.pause(),
                unpause: () => widget.deliveryChannel.unpause(),
            };
            // Through the runtime, where tests replace it.
            this.modules = {
                loadStylesheets: (urls) => urls.forEach((url) => Divmod.Runtime.theRuntime.loadStylesheet(url)),
                loadModules: (modules) => Divmod.Defer.DeferredList(
                    modules.map(([, url]) => Divmod.Runtime.theRuntime.loadScript(url)), false, true, true),
            };
            this.events = { bind() {} };
        }

        callRemote(objectID, methodName, args, kwargs) {
            if (this.widget.connectionState === DISCONNECTED) {
                return Divmod.Defer.fail(new Error("Connection lost"));
            }
            const request = `c2s${this.count}`;
            this.count += 1;
            const result = this.widget.remoteCalls[request] = Divmod.Defer.Deferred();
            this.widget.deliveryChannel.addMessage(["call", [request, methodName, objectID, args, kwargs]]);
            return result;
        }

        notifyOnDisconnect(observer) {
            this.observers.push(observer);
        }

        lost(reason) {
            const { remoteCalls } = this.widget;
            this.widget.remoteCalls = {};
            Object.values(remoteCalls).forEach((result) => result.errback(new Error("Connection lost")));
            this.observers.splice(0).forEach((observer) => observer(reason));
        }
    }

    PageWidget.methods(
        function __init__(self, page, makeChannel) {
            if (makeChannel === undefined) {
                return initWidget.call(self, page);
            }
            const current = Nevow.Athena.page;
            initWidget.call(self, new OwnPage(self));
            // Such a page is the page only if a test says so.
            Nevow.Athena.page = current;
            self.livepageID = page;
            self.remoteCalls = {};
            self.deliveryChannel = makeChannel(self);
            return undefined;
        },

        function connectionLost(self, reason) {
            const wasConnected = self.connectionState === CONNECTED;
            if (!(self.page instanceof OwnPage)) {
                loseWidget.call(self, reason);
            } else if (wasConnected) {
                loseWidget.call(self, reason);
                self.page.lost(reason);
            }
        },

        function onbeforeunload(self) {
            if (self.page instanceof OwnPage) {
                self.pageUnloaded = true;
                self.deliveryChannel.sendCloseMessage();
            }
        },

        /** The server's response to a call. */
        function action_respond(self, request, success, result) {
            const call = self.remoteCalls[request];
            delete self.remoteCalls[request];
            if (call && success) {
                call.callback(result);
            } else if (call) {
                const [name, args] = result;
                call.errback(Divmod.namedAny(name).apply(null, args));
            } else {
                Divmod.msg(`There is no call ${request} to respond to`);
            }
        },

        /** The server calls a global function; its result is the next message. */
        function action_call(self, functionName, request, args) {
            const respond = (success, result) =>
                self.deliveryChannel.addMessage(["respond", [request, success, result]]);
            const path = [];
            const f = Divmod.namedAny(functionName, path);
            Divmod.Defer.succeed(null)
                .addCallback(() => f.apply(path.at(-1), args))
                .addCallbacks((result) => respond(true, result ?? null), (failure) => respond(false, failure.error));
        },

        function action_noop() {},

        function action_close(self) {
            self.deliveryChannel.stop();
        });
}
