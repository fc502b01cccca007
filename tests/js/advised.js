/** Wait until `advise` of log.js has reported: its texts are a module of their own. */
export async function advised() {
    await import("../../athenalite/js/parts/advice.js");
    await new Promise((resolve) => {
        setImmediate(resolve);
    });
}
