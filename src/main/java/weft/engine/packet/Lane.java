package weft.engine.packet;

/**
 * What a port keeps for each traffic class: what waits, whether flow control holds it up, and what
 * came in and lies in the switch's buffer. Where there is one class the {@link Port} itself is its
 * lane.
 */
class Lane {
  /** What a pending frame of flow control says. */
  static final byte NO_FRAME = 0;

  static final byte SAY_PAUSE = 1;
  static final byte SAY_RESUME = 2;
  static final byte SAY_CREDIT = 3;

  /** The credit of a port that needs none. */
  static final long ENDLESS = Long.MAX_VALUE / 2;

  final int index; // of its port
  final int node; // that the port belongs to
  final int trafficClass;

  // First what is needed seldom, so that the rest lies beside what is first in Port.
  long surplus; // bytes that it may still send in its turn, below 0 what it sent too much
  long maxHeadroom;
  long pausedAt;
  private long pausedPs;
  long owed; // bytes of credit not yet given back to the other end

  // What came in by this port and lies in its switch's buffer, bytes.
  long headroom;
  long shared;

  long queueRoom; // what waiting data takes in the buffer
  long queueBytes; // of waiting data
  long credit = ENDLESS; // bytes that the other end has room for

  boolean paused;
  boolean watched; // whether the watchdog has an event
  boolean stormed; // whether the watchdog drops what waits for it
  boolean pausing; // the sender at the cable's other end was asked to stop
  boolean storming; // its NIC is broken and never lets that sender go on
  byte frame; // a frame of flow control that waits to be sent

  /** Data that waits; the first word is the port it came in by. */
  final Ring data = new Ring();

  Lane(int index, int node, int trafficClass) {
    this.index = index;
    this.node = node;
    this.trafficClass = trafficClass;
  }

  /** How long it was stopped until now, ps. */
  long pausedFor(long now) {
    return pausedPs + (paused ? now - pausedAt : 0);
  }

  /** Flow control lets it go on. */
  void resume(long now) {
    pausedPs = pausedFor(now);
    paused = false;
    stormed = false;
  }

  /** Has a frame wait to be sent; one that still waits is outdated by it, and both are not sent. */
  void say(byte what) {
    frame = frame == NO_FRAME ? what : NO_FRAME;
  }
}
