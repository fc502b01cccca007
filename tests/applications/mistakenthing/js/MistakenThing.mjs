import { Widget } from "athenalite";

export class MistakenWidget extends Widget {
    /** Call a method and drop the Deferred. */
    drop(methodName) {
        this.callRemote(methodName);
    }

    /** Call a method and do not catch its failure. */
    async wait(methodName) {
        await this.callRemote(methodName);
    }
}
