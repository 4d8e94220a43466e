package weft.fault;

/**
 * A moment at which the state of a port changes.
 *
 * @param timePs when, ps: it holds for what happens at this very time
 * @param state what changes
 * @param port one direction of a link: twice the link's index, plus 1 from its end b to its end a
 * @param value from now on; 0 is good health, and 1 the opposite where there are no degrees
 * @param cause the fault, in words
 */
public record FaultStep(long timePs, State state, int port, double value, String cause) {
  /** What can be the matter with a port. */
  public enum State {
    /** What leaves by it is lost. */
    DEAD("lost what it sent", "carried packets again"),
    /** The node it belongs to knows that its cable is down. */
    NOTICED("was noticed by the port's own node", "was seen to be over by the port's own node"),
    /** Routes lead around its link. */
    AVOIDED("was avoided by all routes", "was over for all routes"),
    /** Each bit that leaves by it is wrong with this probability. */
    BIT_ERRORS("spoilt bits", "spoilt no more bits"),
    /** After a data packet it waits for this many times as long as sending took. */
    SLOWNESS("slowed down", "was at full rate again"),
    /** The node it belongs to learns nothing of its cable. */
    UNAWARE("forwarded on, but its node heard of no link", "was heard of by its node again"),
    /** Its NIC keeps the switch at the other end paused. */
    PAUSES("sent pause frames without end", "let its switch go on");

    private final String begins;
    private final String ends;

    State(String begins, String ends) {
      this.begins = begins;
      this.ends = ends;
    }
  }

  /** What happens, as the rest of a sentence that begins with the cause. */
  String effect() {
    return value > 0 ? state.begins : state.ends;
  }
}
