package weft.fault;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weft.fabric.Fabric;
import weft.report.Digits;
import weft.units.Check;
import weft.units.Time;

/**
 * Something that breaks while a network runs, and when:
 *
 * <pre>{@code
 * experiment.during(
 *     Fault.linkDown("leaf1", "spine2").at(us(50)).until(us(400)),
 *     Fault.optics("leaf0", "spine1").bitErrorRate(1e-9),
 *     Fault.switchDies("spine0").at(ms(2)))
 * }</pre>
 *
 * <p>Faults begin with the run and last for ever unless told. Packets that have begun to leave when
 * a cable goes down still arrive; what is sent into it afterwards is lost, queues included, until
 * the network sends it elsewhere ({@link Failover}). The state of flow control survives, as if both
 * ends had set it up anew when the cable came back.
 */
public final class Fault {
  private static final double LEAST_SHARE = 1e-6;

  private static final int MOST_TIMES = 1000;

  /** What a fault does to its ports. */
  enum Effect {
    /** They lose what they send, and their ends notice. */
    CUT,
    /** They lose what they send, and nobody notices. */
    SILENCE,
    /** Bits are wrong, with a probability. */
    BIT_ERRORS,
    /** Data waits after each packet, for a multiple of the time to send it. */
    SLOWNESS,
    /** They keep the other end paused. */
    PAUSES,
    /** Their node does not notice what happens to them. */
    DEAFNESS
  }

  private final String what;
  private final Effect effect;
  private final double value;
  private final Target target;
  private final boolean mustEnd;
  private final long start;
  private final long end;
  private final @Nullable Flapping flapping;

  private Fault(String what, Effect effect, double value, Target target, boolean mustEnd) {
    this(what, effect, value, target, mustEnd, 0, Timeline.FOREVER, null);
  }

  private Fault(
      String what,
      Effect effect,
      double value,
      Target target,
      boolean mustEnd,
      long start,
      long end,
      @Nullable Flapping flapping) {
    this.what = what;
    this.effect = effect;
    this.value = value;
    this.target = target;
    this.mustEnd = mustEnd;
    this.start = start;
    this.end = end;
    this.flapping = flapping;
  }

  private static Fault cut(String what, Target target) {
    return new Fault(what, Effect.CUT, 1, target, false);
  }

  /** All cables between two nodes are down, by their names: {@code linkDown("leaf0", "spine1")}. */
  public static Fault linkDown(String one, String other) {
    checkNames(one, other);
    return cut("%s - %s down".formatted(one, other), Target.between(one, other));
  }

  /** One cable is down, an index into {@link Fabric#links()}. */
  public static Fault linkDown(int link) {
    return cut("link %d down".formatted(link), Target.link(link));
  }

  private static void checkNames(String one, String other) {
    Check.notNull("a node's name", one, "write for example \"leaf0\"");
    Check.notNull("a node's name", other, "write for example \"spine1\"");
  }

  private static void checkSwitch(String name) {
    Check.notNull("a switch's name", name, "write for example \"spine1\"");
  }

  /**
   * All cables between two nodes go down again and again: {@code flapping("leaf0",
   * "spine1").downFor(us(10)).every(us(100)).until(ms(2))}.
   */
  public static Flapping flapping(String one, String other) {
    checkNames(one, other);
    return new Flapping(one, other, 0, 0);
  }

  /** Light between two nodes has become weak: {@code optics(...).bitErrorRate(1e-9)}. */
  public static Optics optics(String one, String other) {
    checkNames(one, other);
    return new Optics(one, other);
  }

  /** A switch stops and loses what is in its buffers; its neighbours see their links go down. */
  public static Fault switchDies(String name) {
    checkSwitch(name);
    return cut(name + " dies", Target.around(name));
  }

  /** A switch stops, and works again from {@link #until} on. */
  public static Fault switchReloads(String name) {
    checkSwitch(name);
    return new Fault(name + " reloads", Effect.CUT, 1, Target.around(name), true);
  }

  /**
   * A switch's software is replaced while its chip forwards on; until {@link #until} it does not
   * notice what happens to its links.
   */
  public static Fault hitlessUpgrade(String name) {
    checkSwitch(name);
    return new Fault(name + " is upgraded", Effect.DEAFNESS, 1, Target.outOf(name), true);
  }

  /** All network ports of a GPU are down; its leaves notice. */
  public static Fault nicStops(int gpu) {
    return cut("the NIC of GPU %d stops".formatted(gpu), Target.nic(gpu));
  }

  /**
   * A GPU falls off its bus: it sends nothing that arrives and answers nothing, but its ports stay
   * up, so nobody notices.
   */
  public static Fault gpuStops(int gpu) {
    return new Fault("GPU %d stops".formatted(gpu), Effect.SILENCE, 1, Target.gpu(gpu), false);
  }

  /**
   * A GPU's host moves data at a share of its NIC's rate, as with a PCIe link that lost half its
   * lanes. What it sends leaves with gaps. What it is sent waits in its NIC, which pauses its leaf
   * when it is full: the slow receiver of Guo et al. (RDMA over Commodity Ethernet at Scale,
   * SIGCOMM 2016, section 4.4). Without PFC it waits in the leaf.
   *
   * @param share of the rate that is left, from 1e-6 to below 1
   */
  public static Fault slowHost(int gpu, double share) {
    if (!(share >= LEAST_SHARE && share < 1)) {
      throw new IllegalArgumentException(
          "a slow host has a share from 1e-6 to below 1 of its rate left, but was given %s: 0.5 is half, and for none there is gpuStops(...)"
              .formatted(share));
    }
    String what = "the host of GPU %d at %s of its rate".formatted(gpu, Digits.of(share));
    return new Fault(what, Effect.SLOWNESS, 1 / share - 1, Target.host(gpu), false);
  }

  /**
   * A GPU's NIC is broken and sends pause frames without end, so that its leaf sends it nothing and
   * pauses others in turn (Guo et al., section 4.3). Only under PFC do frames stop anybody, and
   * only its watchdog helps. A pause is not refreshed here: it holds until it is taken back, so one
   * frame is counted.
   */
  public static Fault pauseStorm(int gpu) {
    String what = "a pause storm from the NIC of GPU %d".formatted(gpu);
    return new Fault(what, Effect.PAUSES, 1, Target.outOfNic(gpu), false);
  }

  /** Optics between two nodes, whose bit error rate is to be given. */
  public record Optics(String one, String other) {
    /**
     * With so many bits wrong in both directions. A packet of n bits is lost with {@code 1 - (1 -
     * rate)^n}, its check sum being wrong.
     *
     * @param rate of the bits that remain wrong after error correction, above 0 and below 1; IEEE
     *     802.3 allows a healthy link about 1e-12
     */
    public Fault bitErrorRate(double rate) {
      if (!(rate > 0 && rate < 1)) {
        throw new IllegalArgumentException(
            "a bit error rate lies above 0 and below 1, but was %s: 1e-9 loses one packet of 4 kB in 30,000"
                .formatted(rate));
      }
      String what = "%s - %s with bit error rate %s".formatted(one, other, Digits.of(rate));
      return new Fault(what, Effect.BIT_ERRORS, rate, Target.between(one, other), false);
    }
  }

  /** A link that comes and goes. */
  public static final class Flapping {
    private final String one;
    private final String other;
    private final long downFor;
    private final long every;

    private Flapping(String one, String other, long downFor, long every) {
      this.one = one;
      this.other = other;
      this.downFor = downFor;
      this.every = every;
    }

    /** Down for so long each time. */
    public Flapping downFor(Time time) {
      Check.notNull("how long it is down", time, "write for example us(10)");
      return new Flapping(one, other, time.ps(), every);
    }

    /**
     * From one time it goes down to the next; {@link Fault#until} must be given too.
     *
     * @throws IllegalArgumentException if it would not come up in between
     */
    public Fault every(Time time) {
      Check.notNull("how often it goes down", time, "write for example us(100)");
      if (downFor <= 0 || downFor >= time.ps()) {
        throw new IllegalArgumentException(
            "a flapping link comes up before it goes down again, but was down for %s every %s: write flapping(...).downFor(us(10)).every(us(100))"
                .formatted(new Time(downFor), time));
      }
      String what =
          "%s - %s flaps, down for %s every %s".formatted(one, other, new Time(downFor), time);
      var times = new Flapping(one, other, downFor, time.ps());
      return new Fault(
          what, Effect.CUT, 1, Target.between(one, other), true, 0, Timeline.FOREVER, times);
    }
  }

  /** Beginning then, what happens at this very time included. */
  public Fault at(Time time) {
    Check.notNull("when a fault begins", time, "write for example us(50)");
    return new Fault(what, effect, value, target, mustEnd, time.ps(), end, flapping);
  }

  /** Over then. */
  public Fault until(Time time) {
    Check.notNull("when a fault ends", time, "write for example us(400)");
    return new Fault(what, effect, value, target, mustEnd, start, time.ps(), flapping);
  }

  Effect effect() {
    return effect;
  }

  /**
   * The ports that it is at.
   *
   * @throws IllegalArgumentException if this fabric has no such thing, or the times do not fit
   */
  int[] ports(Fabric fabric) {
    if (end <= start) {
      throw new IllegalArgumentException(
          "a fault ends after it began, but \"%s\" is from %s until %s: give at(...) before until(...)"
              .formatted(what, new Time(start), new Time(end)));
    }
    if (mustEnd && end == Timeline.FOREVER) {
      throw new IllegalArgumentException("\"%s\" has an end: add .until(ms(2))".formatted(what));
    }
    if (flapping != null && (end - start) / flapping.every >= MOST_TIMES) {
      throw new IllegalArgumentException(
          "a link flaps at most %,d times, but \"%s\" from %s until %s is more: let it end earlier"
              .formatted(MOST_TIMES, what, new Time(start), new Time(end)));
    }
    return target.ports(fabric);
  }

  /** When it lasts. */
  List<Timeline.Interval> intervals() {
    if (flapping == null) {
      return List.of(new Timeline.Interval(start, end, value, what));
    }
    var intervals = new ArrayList<Timeline.Interval>();
    for (long from = start; from < end; from += flapping.every) {
      long to = Math.min(end, from + flapping.downFor);
      intervals.add(new Timeline.Interval(from, to, value, what));
    }
    return intervals;
  }

  @Override
  public String toString() {
    String from = start == 0 ? "" : " from " + new Time(start);
    String to = end == Timeline.FOREVER ? "" : " until " + new Time(end);
    return what + from + to;
  }
}
