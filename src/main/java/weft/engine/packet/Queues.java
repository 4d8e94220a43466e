package weft.engine.packet;

/** What waits at ports and what is under way to them. */
final class Queues {
  /** Acknowledgements and notifications, strictly first. */
  final Rings control;

  /** Data. */
  final Rings data;

  /** Packets on cables; a time is that of arrival, in a switch after its latency. */
  final Cables packets;

  /** Pause and resume frames on cables, which overtake what a switch is still looking at. */
  final Cables frames;

  Queues(int[] peer) {
    int ports = peer.length;
    control = new Rings(ports);
    data = new Rings(ports);
    packets = new Cables(peer);
    frames = new Cables(peer);
  }
}
