package weft.engine.packet;

import weft.units.Rate;

/**
 * What one queue pair has been through.
 *
 * @param queuePair its number
 * @param source GPU that writes
 * @param destination GPU written to
 * @param trafficClass that its data is in, from 0
 * @param retransmittedPackets packets sent again
 * @param cnps congestion notifications that its sender received
 * @param naks negative acknowledgements that its sender received
 * @param timeouts acknowledgement timeouts
 * @param waited whether it had more to send than its window let it before the next acknowledgement
 * @param rate rate that congestion control allows it now
 * @param status whether it still works
 */
public record QueuePairCounters(
    int queuePair,
    int source,
    int destination,
    int trafficClass,
    long retransmittedPackets,
    long cnps,
    long naks,
    long timeouts,
    boolean waited,
    Rate rate,
    Status status) {

  /** The verbs status its completions carry. */
  public enum Status {
    /** {@code IBV_WC_SUCCESS}. */
    OK("IBV_WC_SUCCESS"),
    /** More timeouts in a row than {@code retry_cnt} allows: the queue pair has given up. */
    RETRY_EXCEEDED("IBV_WC_RETRY_EXC_ERR");

    private final String verbs;

    Status(String verbs) {
      this.verbs = verbs;
    }

    /** The name in the verbs API. */
    public String verbs() {
      return verbs;
    }
  }
}
