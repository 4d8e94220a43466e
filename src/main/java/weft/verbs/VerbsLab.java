package weft.verbs;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import weft.capture.Capture;
import weft.units.Check;
import weft.units.Rate;
import weft.units.Time;

/**
 * Two RDMA devices, {@code a} and {@code b}, and a cable between them. What they say to each other
 * are RoCEv2 packets with all their bytes, so memory really changes, and {@link #packets} shows
 * every one of them.
 *
 * <p>Unlike the values of other packages a lab changes as it is used, as hardware does: run the
 * cells again from the one that makes it. Time stands still until {@link #run()}.
 *
 * <pre>{@code
 * var lab = VerbsLab.cable(gbps(100), us(1));
 * var pd = lab.a().protectionDomain();
 * var cq = lab.a().completionQueue();
 * var qp = pd.queuePair(QpType.RC, cq);
 * lab.connect(qp, other);
 * qp.post(WorkRequest.write(memory.all(), theirs.remote(0)));
 * lab.run();
 * cq
 * }</pre>
 */
public final class VerbsLab {
  private static final Time FOR_EVER = new Time(Long.MAX_VALUE);

  private final Cable cable;
  private final Device a;
  private final Device b;

  private VerbsLab(Rate rate, Time delay) {
    cable = new Cable(rate, delay);
    a = new Device("a", 0, cable);
    b = new Device("b", 1, cable);
    cable.attach(a);
    cable.attach(b);
  }

  /**
   * A new lab.
   *
   * @param rate of the cable
   * @param delay from one end to the other
   */
  public static VerbsLab cable(Rate rate, Time delay) {
    Check.notNull("the cable's rate", rate, "write VerbsLab.cable(gbps(100), us(1))");
    Check.notNull("the cable's delay", delay, "write VerbsLab.cable(gbps(100), us(1))");
    return new VerbsLab(rate, delay);
  }

  /** The one device. */
  public Device a() {
    return a;
  }

  /** The other. */
  public Device b() {
    return b;
  }

  /** Brings two queue pairs up to RTS with {@link Attributes#usual()}. */
  public VerbsLab connect(QueuePair one, QueuePair other) {
    return connect(one, other, Attributes.none());
  }

  /**
   * Brings two queue pairs up to RTS, both with these attributes in place of the usual ones where
   * they differ.
   *
   * @param changes for example {@code Attributes.none().rnrRetry(2).timeout(8)}
   * @throws IllegalStateException if one is not in RESET
   * @throws IllegalArgumentException if both are on one device
   */
  public VerbsLab connect(QueuePair one, QueuePair other, Attributes changes) {
    Check.notNull("a queue pair", one, "write pd.queuePair(QpType.RC, cq)");
    Check.notNull("a queue pair", other, "write pd.queuePair(QpType.RC, cq)");
    Check.notNull("the changes", changes, "write Attributes.none().rnrRetry(2)");
    if (one.device() == other.device()) {
      throw new IllegalArgumentException(
          "the cable joins a and b, but both queue pairs are on %s: make one on the other device"
              .formatted(one.device().name()));
    }
    bringUp(one, other, changes);
    bringUp(other, one, changes);
    return this;
  }

  private static void bringUp(QueuePair pair, QueuePair peer, Attributes changes) {
    Attributes all = Attributes.usual().to(peer.device()).destination(peer.number()).and(changes);
    for (QpState state : List.of(QpState.INIT, QpState.RTR, QpState.RTS)) {
      pair.modify(state, all);
    }
  }

  /**
   * Lets time run until nothing more happens.
   *
   * @throws IllegalStateException if a queue pair asks without end for a receive that nobody posts
   */
  public VerbsLab run() {
    return run(FOR_EVER);
  }

  /** Lets time run until then, or until nothing more happens if that is earlier. */
  public VerbsLab run(Time until) {
    Check.notNull("the time", until, "write run(ms(1))");
    cable.run(until.ps());
    if (until.ps() < FOR_EVER.ps()) {
      cable.passTo(until.ps());
    }
    return this;
  }

  /** The simulated time. */
  public Time now() {
    return new Time(cable.now());
  }

  /** Pulls the cable out now: whatever is sent from now on is lost. */
  public VerbsLab unplug() {
    cable.plug(false);
    return this;
  }

  /** Puts the cable back in. */
  public VerbsLab plugIn() {
    cable.plug(true);
    return this;
  }

  /**
   * Has the cable lose packets of both directions.
   *
   * @param packets which, counted from 0 in the order of {@link #packets}; none heals the cable
   */
  public VerbsLab losing(int... packets) {
    Check.notNull("packets", packets, "write losing(3), or losing() to heal the cable");
    for (int packet : packets) {
      Check.atLeast(0, "a packet's number", packet, "packets are counted from 0");
    }
    int[] lost = packets.clone();
    cable.losing(index -> Arrays.stream(lost).anyMatch(l -> l == index));
    return this;
  }

  /** The first 10,000 packets that were sent, the lost ones too, with all their bytes. */
  public Capture packets() {
    return cable.packets();
  }

  /** A line for each work request that has not completed. */
  public List<String> waiting() {
    return Stream.of(a, b).flatMap(device -> device.waiting().stream()).toList();
  }

  @Override
  public String toString() {
    return "verbs lab at %s: devices a and b, cable of %s".formatted(now(), cable);
  }
}
