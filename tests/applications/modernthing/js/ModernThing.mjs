// import Nevow.Athena

import { Deferred, PageWidget, Widget } from "athenalite";
import { count, counted } from "./ModernThing/Counter.mjs";

export class Refused extends Error {}

export class ModernWidget extends Widget {
    #secret = "kept";

    /** Called by the server. */
    async reveal() {
        await null;
        return `${this.#secret} ${counted()}`;
    }

    fail() {
        throw new TypeError("from an ES module");
    }

    async add(methodName = "later") {
        const child = await this.addChildWidgetFromWidgetInfo(await this.callRemote(methodName));
        this.node.append(child.node);
        return child;
    }

    isDeferred() {
        return this.callRemote("ask", "reveal") instanceof Deferred;
    }
}

/** The page's own widget. */
export class MainWidget extends PageWidget {
    async connectionMade() {
        const sum = await this.callRemote("add", 2, 3);
        const refused = await this.callRemoteKw("add", {}).then(() => "", (error) => error instanceof Refused);
        document.title = `${sum} ${refused}`;
    }

    connectionLost(reason) {
        document.title = `lost: ${reason}`;
    }
}

count();
