package weft.transport;

import weft.units.DataSize;
import weft.units.Rate;
import weft.units.Time;

/**
 * What a sender knows of a queue pair when it opens.
 *
 * @param queuePair its number, from 0 in the order of opening
 * @param source the sending GPU
 * @param destination the receiving GPU
 * @param nic rate of the sending port
 * @param baseRtt from a full packet's first bit to its acknowledgement's last, nothing else being
 *     on the way
 * @param hops switches on the way there, at least 0
 * @param mtu payload of a full packet
 */
public record Connection(
    int queuePair, int source, int destination, Rate nic, Time baseRtt, int hops, DataSize mtu) {

  /** Bytes that fill the path once: the NIC's rate times the base round trip, rounded down. */
  public DataSize bandwidthDelay() {
    return new DataSize((long) (nic.bitsPerSecond() / 8.0 * baseRtt.seconds()));
  }
}
