package weft.engine.packet;

/**
 * What one port has done: one direction of a link.
 *
 * @param port twice the link's index, plus 1 for the direction from its end b to its end a
 * @param link index into the fabric's links
 * @param name {@code leaf3>spine0}
 * @param bytes bytes sent on the wire, preambles and gaps included, pause frames not
 * @param packets packets sent, acknowledgements included
 * @param marks data packets that got the ECN mark in this port's queue
 * @param drops data packets that found no room in front of this port
 * @param trims data packets that found no room in front of this port and were cut to their headers
 * @param overruns data packets that came in by this port after the other end had been paused, and
 *     found the headroom full; they are drops of the ports they were to leave by
 * @param lost packets that left this port and were lost on the cable
 * @param linkRetries packets that the cable destroyed and the link sent again
 * @param watchdogDrops data packets that the PFC watchdog dropped because this port was paused
 * @param pausesSent pause frames sent from here, asking the other end to stop
 * @param pausesReceived pause frames received
 * @param pausedPs how long this port was stopped for data, picoseconds
 * @param maxQueueBytes the most data bytes that ever waited here, the one being sent not included
 * @param busyPs how long this port was sending, picoseconds
 */
public record PortCounters(
    int port,
    int link,
    String name,
    long bytes,
    long packets,
    long marks,
    long drops,
    long trims,
    long overruns,
    long lost,
    long linkRetries,
    long watchdogDrops,
    long pausesSent,
    long pausesReceived,
    long pausedPs,
    long maxQueueBytes,
    long busyPs) {
  /** The same with other bytes and another time for them, as an engine without packets counts. */
  public PortCounters having(long sentBytes, long sendingPs) {
    return new PortCounters(
        port,
        link,
        name,
        sentBytes,
        packets,
        marks,
        drops,
        trims,
        overruns,
        lost,
        linkRetries,
        watchdogDrops,
        pausesSent,
        pausesReceived,
        pausedPs,
        maxQueueBytes,
        sendingPs);
  }
}
