package weft.verbs;

/** The service that a queue pair gives. */
public enum QpType {
  /** Reliable connection: acknowledged, in order, all operations. */
  RC,
  /** Unreliable connection: in order, not acknowledged; no reads, no atomics. */
  UC,
  /** Unreliable datagram: one packet to anybody; sends only. */
  UD
}
