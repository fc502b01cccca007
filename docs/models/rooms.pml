/*
 * A room on an engine, by the rules of docs/scaling.rst, "The engine's schema": two workers, three links of one of them
 * to the engine, three calls of each. Links are cut, a notification is lost, and the engine is restarted from an older
 * state.
 *
 * Checked: the worker runs each call once, in the order of the log. When nothing is on its way, it has run all that the
 * log has since it joined, and its calls are in the log, but for answered ones that the engine has forgotten. A rule is
 * left out if its name is defined, and then the check must fail.
 *
 * A queue of notifications is a number here, that of the last which was taken. A request and its answer are one step:
 * neither changes anything on its way. How many calls were answered is chosen when a link is cut. Of the other worker,
 * which follows the log as this one does, its calls are enough.
 */
#define N 3
#define LINKS 3

/* An entry: the link on which it was sent, its worker, and its number. */
#define ENTRY(link, worker, number) ((link) << 3 | (worker) << 2 | (number))
#define WORKER(entry) ((entry) >> 2 & 1)
#define CALL(entry) (1 << ((entry) & 7))
#ifdef SAME_NUMBERS
#define NUMBER(entry) (((entry) >> 3) * N + ((entry) & 3))
#define LENGTH (2 * N * LINKS)
#else
#define NUMBER(entry) ((entry) & 3)
#define LENGTH (2 * N)
#endif

/* The engine. Calls are sets of bits. */
byte log[LENGTH + 1], length;
byte accepted[2];           /* the last number of each worker */
byte stored;                /* the calls in the log */
bool isSetBack;

/* Worker 0. */
mtype = { SUBSCRIBING, READING, READ, FOLLOWING };
mtype phase = SUBSCRIBING;
byte link;
byte called, answered;      /* its calls on this link; those that were answered before */
byte rung;                  /* the notifications that it has taken */
byte position, last;        /* the last received entry, and what it was; for rules 2 and 3 */
byte seen[2];               /* the last number of each worker, for rule 4 */
byte before, ran;           /* the calls from before it has joined, and those that it has run */
bool hasJoined, isRecovering, isDeaf;

byte said;                  /* the calls of worker 1 */

byte i, j, entry;

inline append(sentOn, worker, number) {
    entry = ENTRY(sentOn, worker, number);
    if
    :: NUMBER(entry) > accepted[worker] ->
        accepted[worker] = NUMBER(entry); stored = stored | CALL(entry);
        length++; log[length] = entry
    :: else
    fi
}

#ifdef RUNS_ONCE
#define IS_SEEN false
#else
#define IS_SEEN (NUMBER(entry) <= seen[WORKER(entry)])
#endif

inline receive(number) {
    position = number; entry = log[number]; last = entry;
    if
    :: IS_SEEN
    :: else ->
        seen[WORKER(entry)] = NUMBER(entry);
        assert(!(ran & CALL(entry)));
        ran = ran | CALL(entry);
        for (j : 1 .. number) { assert((ran | before) & CALL(log[j])) }
    fi
}

inline take() {
    rung++; entry = log[rung];
    if
#ifdef NEXT_ONLY
    :: rung > position -> receive(rung)
#else
    :: rung == position + 1 -> receive(rung)
#endif
    :: rung <= position && IS_SEEN
    :: else -> phase = READING
    fi
}

#ifdef UNLIKE
#define DIFFERS ((log[position] & 7) != (last & 7))
#else
#define DIFFERS (log[position] != last)
#endif

inline read() {
    phase = FOLLOWING;
    if
    :: !hasJoined -> hasJoined = true; position = length; last = log[length]; before = stored;
        seen[0] = accepted[0]; seen[1] = accepted[1]
#ifndef COMPARES
    :: hasJoined && !isRecovering && DIFFERS -> isRecovering = true; position = 0; last = 0; phase = READING
#endif
    :: else -> isRecovering = false;
        for (i : position + 1 .. length) { receive(i) }
    fi
}

#define CALLS (hasJoined && called < N)
#define SAYS (said < N)
#define RINGS (phase == FOLLOWING && rung < length)
#ifdef CHECKS_POSITION
#define CHECKS false
#else
#define CHECKS (phase == FOLLOWING && rung == length && isDeaf && position != length)
#endif

active proctype Workers() {
end:
    do
    :: d_step { CALLS -> called++; append(link, 0, called); entry = 0 }
    :: d_step { SAYS -> said++; append(isSetBack, 1, said); entry = 0 }
#ifdef SUBSCRIBES_FIRST
    :: d_step { phase == SUBSCRIBING ->
        read(); phase = (phase == FOLLOWING -> READ : phase); i = 0; j = 0; entry = 0 }
    :: d_step { phase == READ -> rung = length; phase = FOLLOWING }
#else
    :: d_step { phase == SUBSCRIBING -> rung = length; phase = READING }
#endif
    :: d_step { phase == READING -> read(); i = 0; j = 0; entry = 0 }
    :: d_step { RINGS -> take(); j = 0; entry = 0 }
    :: CHECKS -> phase = READING
    :: d_step { phase == FOLLOWING && !(CALLS || SAYS || RINGS || CHECKS) ->
        assert(!(stored & ~(ran | before)));
        for (i : answered + 1 .. N) { assert(stored & 1 << i) };
        i = 0 }
    od
}

inline cut() {
    link++; phase = SUBSCRIBING; rung = 0;
#ifndef SENDS_AGAIN
    called = answered
#endif
}

active proctype Faults() {
    byte kept;

end:
    do
    :: atomic { link < LINKS - 1 -> select(answered : answered .. called); cut() }
    :: d_step { !isDeaf && RINGS -> rung++; isDeaf = true }
    :: atomic { !isSetBack && link < LINKS - 1 && length ->
        select(answered : answered .. called); select(said : 0 .. said); select(kept : 0 .. length - 1);
        d_step {
            cut(); isSetBack = true;
            accepted[0] = 0; accepted[1] = 0; stored = 0;
            for (i : 1 .. length) {
                if
                :: i <= kept -> stored = stored | CALL(log[i]); accepted[WORKER(log[i])] = NUMBER(log[i])
                :: else -> log[i] = 0
                fi
            };
            length = kept; kept = 0; i = 0
        } }
    od
}
