package weft.engine.packet;

import weft.routing.FiveTuple;
import weft.routing.PacketView;

/** The packet that is being placed, as load balancing sees it; one object for all. */
final class Header implements PacketView {
  private int queuePair;
  private int source;
  private int destination;
  private int bytes;
  private int udpSource;
  private boolean data;

  /** Shows a packet of a queue pair: data, or an answer, which goes the other way. */
  Header of(QueuePairs pairs, int qp, boolean isData, int wire) {
    return of(pairs, qp, isData, wire, FiveTuple.sourcePort(qp));
  }

  /** The same with an entropy value in place of the queue pair's own. */
  Header of(QueuePairs pairs, int qp, boolean isData, int wire, int entropy) {
    udpSource = entropy;
    queuePair = qp;
    source = isData ? pairs.source[qp] : pairs.destination[qp];
    destination = isData ? pairs.destination[qp] : pairs.source[qp];
    bytes = wire;
    data = isData;
    return this;
  }

  @Override
  public int queuePair() {
    return queuePair;
  }

  @Override
  public int source() {
    return source;
  }

  @Override
  public int destination() {
    return destination;
  }

  @Override
  public int udpSource() {
    return udpSource;
  }

  @Override
  public int bytes() {
    return bytes;
  }

  @Override
  public boolean isData() {
    return data;
  }
}
