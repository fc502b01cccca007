/** The package `ws` under node, with the broadcast loop of its documentation. */

import { WebSocketServer } from "ws";

const server = new WebSocketServer({ host: "127.0.0.1", port: Number(process.argv[2]) });

server.on("connection", (chatter) => {
    let calls = 0;
    chatter.on("error", console.error);
    chatter.on("message", (data) => {
        const [, , method, args] = JSON.parse(data);
        if (method === "say") {
            const text = JSON.stringify(["notify", 1, "displayUserMessage", ["load", args[0]]]);
            for (const one of server.clients) {
                one.send(text);
            }
        } else {
            calls += 1;
            chatter.send(JSON.stringify(["respond", calls, true, args[0]]));
        }
    });
});
