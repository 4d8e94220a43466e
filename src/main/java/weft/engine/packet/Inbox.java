package weft.engine.packet;

/**
 * The receive buffer of a NIC whose host takes data in more slowly than it comes: data waits here
 * until it is in the host's memory. Above {@link #XOFF} the NIC stops its switch, two full packets
 * below it lets it go on; what is under way meanwhile finds room.
 */
final class Inbox {
  /** A pause is sent above this, bytes. */
  static final long XOFF = 64 << 10;

  final Ring waiting = new Ring();
  private final Port port;
  private final long xon;
  private long bytes;
  private double slowness; // how many times longer than on the cable a packet takes, less one

  Inbox(Port port, long largest) {
    this.port = port;
    this.xon = XOFF - 2 * largest;
  }

  void slowness(double value) {
    slowness = value;
  }

  /** Whether what comes in is in memory at once. */
  boolean isPassed() {
    return slowness == 0 && waiting.isEmpty();
  }

  /** A packet has come in; the first has an event, the others follow it. */
  void put(Clock clock, InBandTelemetry telemetry, long owner, long head, long stamp) {
    boolean first = waiting.isEmpty();
    waiting.put(0, owner, head, stamp);
    telemetry.attach(waiting);
    bytes += Packet.wire(head);
    if (first) {
      move(clock, head);
    }
  }

  private void move(Clock clock, long head) {
    long ps = (long) ((1 + slowness) * port.leastPs(Packet.wire(head)));
    clock.at(clock.now + ps, Clock.MEMORY, port.index);
  }

  /** Takes the first packet off, which is in memory: where in the ring's slots it begins. */
  int take(Clock clock) {
    int i = waiting.take();
    bytes -= Packet.wire(waiting.slots[i + 2]);
    if (!waiting.isEmpty()) {
      move(clock, waiting.slots[(waiting.head << Ring.BITS & waiting.slots.length - 1) + 2]);
    }
    return i;
  }

  /** Whether the switch is to be told to stop, and has not been. */
  boolean mustPause() {
    return bytes > XOFF && !port.pausing && setPausing(true);
  }

  /** Whether the switch is to be told to go on, and has not been. */
  boolean mayResume() {
    return bytes <= xon && port.pausing && !port.storming && setPausing(false);
  }

  /** All classes share the host's memory, so all are stopped. */
  private boolean setPausing(boolean value) {
    for (int c = 0; c < port.classes(); c++) {
      port.lane(c).pausing = value;
    }
    return true;
  }
}
