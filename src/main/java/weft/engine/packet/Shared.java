package weft.engine.packet;

import weft.transport.RoceV2;

/** What all threads work on: each touches only what belongs to the nodes of its own cells. */
record Shared(
    RoceV2 transport,
    Ports ports,
    QueuePairs pairs,
    Messages messages,
    Paths paths,
    Controllers controllers,
    SharedBuffers buffers,
    Marking marking,
    Turns turns,
    Draws timeouts,
    WakeUps wakeUps) {}
