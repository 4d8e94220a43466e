package weft.engine.packet;

/**
 * What one port has done for one traffic class.
 *
 * @param port as of {@link PortCounters}
 * @param trafficClass its number, from 0
 * @param bytes data bytes sent on the wire, preambles and gaps included
 * @param packets data packets sent
 * @param marks data packets that got the ECN mark in this port's queue
 * @param drops data packets that found no room in front of this port
 * @param pausesSent pause frames sent from here, asking the other end to stop this class
 * @param pausesReceived pause frames received for this class
 * @param pausedPs how long this class was stopped here, picoseconds
 * @param maxQueueBytes the most data bytes of this class that ever waited here
 */
public record ClassCounters(
    int port,
    int trafficClass,
    long bytes,
    long packets,
    long marks,
    long drops,
    long pausesSent,
    long pausesReceived,
    long pausedPs,
    long maxQueueBytes) {}
