import { PageWidget } from "athenalite";

export class Main extends PageWidget {
    constructor(page) {
        super(page);
        // A browser opens it when the page is shown, but the client would wait for it from now on.
        const hasSocket = Symbol.for("athenalite.opened") in document.getElementById("athena-page");
        fetch(`/note?made,${document.prerendering},${hasSocket}`);
    }

    connectionMade() {
        const [{ activationStart }] = performance.getEntriesByType("navigation");
        this.callRemote("note", `activated ${activationStart > 0}`);
    }
}
