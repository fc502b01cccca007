/**
 * Sends the files of a form before the form itself, in pieces: each when an earlier one is answered, so that other calls pass between
 * them, and each once, over any cut, as all calls. Loaded when the first such form is sent.
 */

import { invoke } from "../members.js";

/** How many pieces are on their way. */
const WINDOW = 3;
/** What shows how much is sent: in the form, or else made for it. */
const PROGRESS = "progress[data-athena-upload]";

/** The content of a piece, in base64. */
function contentOf(blob) {
    return new Promise((resolve, reject) => {
        const reader = new FileReader();
        reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
        reader.onerror = () => reject(reader.error);
        reader.readAsDataURL(blob);
    });
}

/** Shows how much of the files is sent. */
class Progress {
    #node;
    #control;
    #isOwn = false;
    #done = 0;
    #all;

    constructor(form, files) {
        const [{ control, file }] = files;
        this.#control = control;
        this.#all = files.reduce((sum, one) => sum + one.file.size, 0);
        this.#node = invoke(form, "querySelector", PROGRESS);
        if (!this.#node) {
            this.#isOwn = true;
            this.#node = control.ownerDocument.createElement("progress");
            this.#node.className = "athena-progress";
            this.#node.setAttribute("aria-label", file.name);
        }
        this.begin();
    }

    begin() {
        if (this.#isOwn && !this.#node.isConnected) {
            this.#control.after(this.#node);
        }
        this.#done = this.#node.value = 0;
        this.#node.hidden = false;
    }

    add(size) {
        this.#done += size;
        this.#node.value = this.#done / this.#all;
    }

    end() {
        if (this.#isOwn) {
            this.#node.remove();
        } else {
            this.#node.hidden = true;
        }
    }
}

/** The files of one form, for one call. */
class Sending {
    #call;
    #form;
    #files;
    #isCancelled = false;
    /** The pieces on their way: promises of what is wrong, if anything. */
    #waiting = [];

    constructor(call, form, files) {
        this.#call = call;
        this.#form = form;
        this.#files = files;
    }

    async send(event) {
        const cancel = () => { this.#isCancelled = true; };
        const progress = new Progress(this.#form, this.#files);
        invoke(this.#form, "addEventListener", "reset", cancel);
        try {
            let result = await this.#sendOnce(event, progress);
            while (result?.again) {
                // The page has moved to another worker, which does not have what was sent.
                progress.begin();
                result = this.#isOver ? { errors: [] } : await this.#sendOnce(event, progress);
            }
            return result;
        } finally {
            invoke(this.#form, "removeEventListener", "reset", cancel);
            progress.end();
        }
    }

    async #sendOnce([methodName, pairs, key], progress) {
        const offers = this.#files.map(({ field, file }) => [field, file.name, file.size, file.type]);
        const accepted = await this.#call("_athenaUpload", methodName, pairs, key, offers);
        const result = accepted.errors ? accepted : await this.#sendAll(accepted, progress);
        // From here on the form may have been taken: see parts/recovery.js.
        progress.end();
        const more = this.#files.map(({ field }, index) => [field, accepted.ids?.[index]]);
        return result ?? await this.#call("_athenaEvent", methodName, [...pairs, ...more], key);
    }

    /** Returns the errors, none if it was cancelled; or that all must be sent again; or null. */
    async #sendAll({ ids, size }, progress) {
        let wrong = null;
        for (let index = 0; index < ids.length && wrong === null && !this.#isOver; index += 1) {
            wrong = await this.#sendFile(ids[index], this.#files[index], size, progress);
        }
        while (wrong === null && this.#waiting.length) {
            wrong = await this.#answered();
        }
        if (wrong === null && !this.#isOver) {
            return null;
        }
        if (wrong?.text === false) {
            for (const waiting of this.#waiting.splice(0)) {
                await waiting;
            }
            return { again: true };
        }
        const sentence = await this.#call("_athenaCancel", ids);
        return { errors: wrong === null ? [] : [[wrong.field, wrong.text ?? sentence]] };
    }

    async #sendFile(id, { field, file }, size, progress) {
        for (let start = 0; start < file.size && !this.#isOver; start += size) {
            const blob = file.slice(start, start + size);
            let content;
            try {
                content = await contentOf(blob);
            } catch {
                // It is gone, or was changed meanwhile: the server has a sentence for it.
                return { field };
            }
            this.#waiting.push(this.#sendPiece(id, field, content, blob.size, progress));
            const wrong = this.#waiting.length < WINDOW ? null : await this.#answered();
            if (wrong !== null) {
                return wrong;
            }
        }
        return null;
    }

    async #sendPiece(id, field, content, size, progress) {
        try {
            const text = await this.#call("_athenaPiece", id, content);
            progress.add(size);
            return text === null ? null : { field, text };
        } catch (error) {
            // Thrown when it is this one's turn.
            return { error };
        }
    }

    async #answered() {
        const wrong = await this.#waiting.shift();
        if (wrong?.error) {
            throw wrong.error;
        }
        return wrong;
    }

    /** Whether the person has reset the form, or the server has removed a field. */
    get #isOver() {
        return this.#isCancelled || this.#files.some(({ control }) => !control.isConnected);
    }
}

/**
 * Send a form with files to its method.
 * @param {(name: string, ...args: unknown[]) => PromiseLike<any>} call calls a method of the form's element
 * @param {Element} form
 * @param {{field: string, file: File, control: Element}[]} files
 * @param {[string, [string, unknown][], string | null]} event the method, the other fields, and the key of the item
 * @returns {Promise<{errors: [string, string][]} | null>} what is wrong, as the method's answer; no errors if it was cancelled
 */
function sendFiles(call, form, files, event) {
    return new Sending(call, form, files).send(event);
}

export { sendFiles };
