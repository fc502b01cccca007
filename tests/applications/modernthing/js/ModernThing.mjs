// import Nevow.Athena

import { Deferred, Widget } from "athenalite";
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

    async add() {
        const child = await this.addChildWidgetFromWidgetInfo(await this.callRemote("later"));
        this.node.append(child.node);
        return child;
    }

    isDeferred() {
        return this.callRemote("ask", "reveal") instanceof Deferred;
    }
}

count();
