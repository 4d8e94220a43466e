package weft.routing;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import weft.routing.QueuePairSplit.Dealing;

/**
 * Equal-cost multipath: a hash of the 5-tuple picks the port, so a flow keeps its path (RFC 2992).
 * Of RoCEv2's 5-tuple only the addresses and the UDP source port vary, and a queue pair has one
 * source port: a GPU that writes to one other has one draw for all it sends.
 *
 * @param queuePairs what a flow's messages are dealt to; with several it is the E-ECMP of Gangidi
 *     et al., "RDMA over Ethernet for Distributed AI Training at Meta Scale", SIGCOMM 2024, section
 *     5
 * @param sharedSeed the hash seed of all switches; null when each has its own
 */
public record Ecmp(QueuePairSplit queuePairs, @Nullable Long sharedSeed) implements LoadBalancing {
  /** One queue pair a flow, hashed at each switch by a seed of its own. */
  public static Ecmp fiveTuple() {
    return new Ecmp(QueuePairSplit.ONE, null);
  }

  /**
   * Every message is split over so many queue pairs, each with its own UDP source port.
   *
   * @param count from 1 to {@value QueuePairSplit#MOST}
   */
  public static Ecmp queuePairs(int count) {
    return new Ecmp(new QueuePairSplit(count, Dealing.MESSAGES_SPLIT), null);
  }

  /**
   * With whole messages dealt to the queue pairs in turn, as Meta chose: packets stay full and
   * completions few, but a flow of one message uses one path.
   */
  public Ecmp messagesInTurn() {
    return new Ecmp(new QueuePairSplit(queuePairs.count(), Dealing.MESSAGES_IN_TURN), sharedSeed);
  }

  /**
   * With this seed at every switch, as switches have that nobody configured. Then a switch gets
   * only flows whose hash its predecessor found alike, and its own choice is no choice:
   * polarisation.
   */
  public Ecmp hashSeed(long ofAllSwitches) {
    return new Ecmp(queuePairs, ofAllSwitches);
  }

  @Override
  public PortSelector open(SwitchView here) {
    long seed = sharedSeed == null ? here.hashSeed() : sharedSeed;
    return (packet, n) -> packet.hash(seed, n);
  }

  @Override
  public Granularity granularity() {
    return Granularity.FLOW;
  }

  @Override
  public String toString() {
    String name =
        queuePairs.count() == 1
            ? "5-tuple ECMP"
            : "ECMP, %d queue pairs, %s"
                .formatted(
                    queuePairs.count(),
                    queuePairs.dealing().name().toLowerCase(Locale.ROOT).replace('_', ' '));
    return sharedSeed == null ? name : name + ", one hash seed";
  }
}
