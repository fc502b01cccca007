/** The traces of a page's calls: pages of a server with `--tracing` load this script. */

import { traceCalls } from "./traced.js";

const tracedClient = await import("../main.js");
traceCalls(tracedClient.Widget.page, window);
