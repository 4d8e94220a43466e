package weft.transport;

/** How a queue pair's sending rate follows the network's signals. */
public sealed interface CongestionControl permits CongestionControl.None, Dcqcn {
  /** Every queue pair sends at its NIC's line rate; only pause frames hold it back. */
  static CongestionControl none() {
    return new None();
  }

  /** Line rate always. */
  record None() implements CongestionControl {
    @Override
    public String toString() {
      return "no congestion control";
    }
  }
}
