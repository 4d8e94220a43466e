package weft.engine.packet;

import weft.transport.Transport;

/** What all threads work on: each touches only what belongs to the nodes of its own cells. */
record Shared(
    Transport transport,
    Ports ports,
    QueuePairs pairs,
    Messages messages,
    Paths paths,
    Controllers controllers,
    Selective selective,
    Spraying spraying,
    Grants grants,
    Kernels kernels,
    SharedBuffers buffers,
    Marking marking,
    DeviceSettings settings,
    Losses losses,
    Turns turns,
    Scheduler scheduler,
    Draws timeouts,
    WakeUps wakeUps) {}
