import { Widget as AthenaWidget } from "athenalite";

export class Widget extends AthenaWidget {
    async throwModern() {
        await null;
        this.#throwPrivately();
    }

    #throwPrivately() {
        throw new RangeError("thrown by throwPrivately");
    }
}
