/*
 * A page's session that is cut, resumed and moved: docs/protocol.rst, "Opening and resuming a socket", and docs/scaling.rst,
 * "Moving pages". Two workers, three sockets, three messages each way.
 *
 * Each message carries its own number here, which the protocol implies. Checked: both sides run each message once, in order;
 * and all of them, if the last socket stays. A rule is left out if its name is defined, and then the check must fail.
 */
#define N 3
#define SOCKETS 3
#define NONE SOCKETS
#define LAST (SOCKETS - 1)

mtype = { OPEN, OPENED, DATA };

chan up[SOCKETS] = [N + 1] of { mtype, byte };   /* to the server */
chan down[SOCKETS] = [N + 1] of { mtype, byte }; /* to the browser */
bool cut[SOCKETS];

byte ran, shown; /* by the server, by the browser */

bool has[2];               /* whether this worker has the page */
byte received[2], sent[2]; /* its counts; the second on the current socket */
byte at[2] = NONE;         /* its current socket */

byte newest;               /* the number of its newest socket; it moves with it */

bool isKept; /* the record in the engine */
byte keptReceived, keptSent;

active proctype Browser() {
    byte socket, next, number;
    bool isOpen, isOpening;

    do
    :: !isOpen && !isOpening && !cut[socket] -> up[socket]!OPEN(shown); isOpening = true
    :: atomic { isOpening && down[socket]?[OPENED, _] -> down[socket]?OPENED(number) };
        isOpening = false; isOpen = true;
#ifndef BROWSER_RESENDS
        next = number
#endif
    :: isOpen && next < N -> next++; up[socket]!DATA(next)
    :: atomic { isOpen && down[socket]?[DATA, _] -> down[socket]?DATA(number); assert(number == shown + 1); shown++ }
    :: cut[socket] && socket < LAST -> isOpen = false; isOpening = false; socket++
    :: ran == N && shown == N -> break
    od
}

inline receive(socket) {
    up[socket]?DATA(number);
    assert(number == ran + 1);
    ran++;
    received[me]++
}

inline open(socket) {
    up[socket]?OPEN(number);
    newest = socket;
    if
    :: has[me]
    :: else -> has[me] = true; received[me] = keptReceived; sent[me] = keptSent;
#ifndef TAKEN_ONCE
        isKept = false
#endif
    fi;
#ifndef SERVER_RESENDS
    sent[me] = number;
#endif
    at[me] = socket;
    down[socket]!OPENED(received[me])
}

#ifdef NEWER_ONLY
#define OPENS(socket) (has[me] || isKept) && up[socket]?[OPEN, _]
#else
#define OPENS(socket) (has[me] || isKept) && socket >= newest && up[socket]?[OPEN, _]
#endif
#define RECEIVES(socket) has[me] && up[socket]?[DATA, _]

proctype Worker(byte me) {
    byte number, left;

end:
    do
    :: atomic { OPENS(0) -> open(0) }
    :: atomic { OPENS(1) -> open(1) }
    :: atomic { OPENS(2) -> open(2) }
#ifdef NEWEST_ONLY
    :: atomic { RECEIVES(0) -> receive(0) }
    :: atomic { RECEIVES(1) -> receive(1) }
#endif
    :: atomic { at[me] != NONE && RECEIVES(at[me]) -> receive(at[me]) }
    :: atomic { has[me] && at[me] != NONE && sent[me] < N -> sent[me]++; down[at[me]]!DATA(sent[me]) }
    :: atomic { has[me] && at[me] != LAST ->
        keptReceived = received[me]; keptSent = sent[me]; isKept = true; has[me] = false;
        left = at[me]; at[me] = NONE;
        if
        :: left != NONE -> cut[left] = true
        :: else
        fi }
#ifdef FREEZES
    :: atomic { left != NONE && up[left]?[DATA, _] -> receive(left) }
#endif
    od
}

active proctype Network() {
    byte socket;

    do
    :: socket < LAST -> cut[socket] = true; socket++
    :: socket < LAST -> socket++
    :: socket == LAST -> break
    od
}

init {
    has[0] = true;
    atomic { run Worker(0); run Worker(1) }
}
