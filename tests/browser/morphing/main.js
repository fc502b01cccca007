/** Runs the cases in a page; `test_live_morphing.py` links it with the scripts of the product. */

import { watchPerson } from "../../../athenalite/js/live/morph.js";
import { eventCases } from "./events.js";
import { keptCases } from "./kept.js";
import { Stages } from "./stage.js";
import { treeCases } from "./trees.js";

const ALL = [keptCases, eventCases, treeCases].flatMap(Object.entries);

/**
 * @param {number} count how often the random cases are tried
 * @param {boolean} isFirst whether to end with the first case that fails
 * @returns {Promise<string[]>} what has failed
 */
async function run(count, isFirst = false) {
    const failed = [];
    watchPerson(document);
    for (const [name, test] of ALL) {
        const stages = new Stages();
        try {
            await test(stages, count);
        } catch (error) {
            failed.push(`${name}: ${error.message ?? error}`);
            if (isFirst) {
                break;
            }
        } finally {
            stages.close();
        }
    }
    return failed;
}

export { run };
