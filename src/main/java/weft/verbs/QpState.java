package weft.verbs;

/** The states of a queue pair, in the order in which it is brought up. */
public enum QpState {
  /** Just created; nothing can be posted. */
  RESET,
  /** Receives can be posted; nothing is received yet. */
  INIT,
  /** Ready to receive. */
  RTR,
  /** Ready to send. */
  RTS,
  /** An error ended it: whatever is or will be posted comes back flushed. */
  ERR
}
