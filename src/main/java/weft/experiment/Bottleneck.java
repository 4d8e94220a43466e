package weft.experiment;

import static weft.units.Units.bytes;
import static weft.units.Units.ns;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import weft.fabric.Fabric;
import weft.fabric.Link;
import weft.fabric.Node;
import weft.transport.CongestionControl;
import weft.transport.Dcqcn;
import weft.transport.Dcqcn.TargetClamp;
import weft.transport.Red;
import weft.transport.RoceV2;
import weft.transport.Timely;
import weft.transport.fluid.FluidDcqcn;
import weft.transport.fluid.FluidModel;
import weft.transport.fluid.FluidTimely;
import weft.units.Check;
import weft.units.DataSize;
import weft.units.Rate;
import weft.units.Time;

/**
 * The standard experiment of congestion control: N senders that never run out of data, one switch,
 * one receiver, all at one rate, so that the switch's port to the receiver is what they share.
 * Packets show what an algorithm does; where there is a fluid model of it, the model runs beside
 * them.
 *
 * <pre>
 * Bottleneck.of(gbps(40)).flows(2).under(Dcqcn.paper()).run(ms(50)).chart()
 * </pre>
 *
 * @param rate of all links
 * @param flows how many senders there are
 * @param control their congestion control
 * @param marking the switch's marking
 * @param mtu payload of a packet
 * @param cable propagation delay of each link
 * @param joining time from one sender's start to the next one's; 0 for all at once
 * @param seed of the marking's draws
 */
public record Bottleneck(
    Rate rate,
    int flows,
    CongestionControl control,
    Red marking,
    DataSize mtu,
    Time cable,
    Time joining,
    long seed) {
  private static final Time LONGEST = new Time(10_000_000_000_000L);

  /**
   * @throws IllegalArgumentException if there is no flow or something is missing
   */
  public Bottleneck {
    Check.notNull("the bottleneck's rate", rate, "write Bottleneck.of(gbps(40))");
    Check.atLeast(1, "flows", flows, "write for example flows(2)");
    Check.notNull("the senders' congestion control", control, "write under(Dcqcn.paper())");
    Check.notNull("the switch's marking", marking, "write for example Red.scaled()");
    Check.notNull("the packets' mtu", mtu, "write for example bytes(1024)");
    Check.notNull("the cables' delay", cable, "write for example ns(500)");
    Check.notNull("the time between senders' starts", joining, "write for example ms(20)");
  }

  /** Two flows under the paper's DCQCN, MTU 1024, cables of 500 ns, seed 1. */
  public static Bottleneck of(Rate rate) {
    Dcqcn paper = Dcqcn.paper();
    return new Bottleneck(rate, 2, paper, paper.marking(), bytes(1024), ns(500), Time.ZERO, 1);
  }

  /** With so many senders. */
  public Bottleneck flows(int count) {
    return new Bottleneck(rate, count, control, marking, mtu, cable, joining, seed);
  }

  /** With another congestion control, and the marking that goes with it. */
  public Bottleneck under(CongestionControl algorithm) {
    Check.notNull("the senders' congestion control", algorithm, "write under(Dcqcn.paper())");
    RoceV2.lossless(algorithm).checkControl();
    return new Bottleneck(rate, flows, algorithm, algorithm.marking(), mtu, cable, joining, seed);
  }

  /** With another marking. */
  public Bottleneck marking(Red profile) {
    return new Bottleneck(rate, flows, control, profile, mtu, cable, joining, seed);
  }

  /** With packets of another payload. */
  public Bottleneck mtu(DataSize payload) {
    return new Bottleneck(rate, flows, control, marking, payload, cable, joining, seed);
  }

  /** With cables of another delay each. */
  public Bottleneck cable(Time delay) {
    return new Bottleneck(rate, flows, control, marking, mtu, delay, joining, seed);
  }

  /** With senders that start one after the other, so far apart. The fluid model has no such. */
  public Bottleneck joiningEvery(Time time) {
    return new Bottleneck(rate, flows, control, marking, mtu, cable, time, seed);
  }

  /** With another seed. */
  public Bottleneck seed(long number) {
    return new Bottleneck(rate, flows, control, marking, mtu, cable, joining, number);
  }

  /**
   * Runs packets and, where there is one, the fluid model.
   *
   * @param length simulated time, above 0; what has settled is read from its second half
   */
  public BottleneckRun run(Time length) {
    Check.notNull("the length of a run", length, "write for example ms(50)");
    if (length.ps() <= 0 || length.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "a run takes time, at most %s, but its length was %s: write for example ms(50)"
              .formatted(LONGEST, length));
    }
    return BottleneckRun.of(this, length);
  }

  /**
   * The fluid model of the same senders, where there is one: of DCQCN that lowers its target at
   * every cut, and of TIMELY, if all start at once. The packets' bytes on the wire are its packets.
   */
  public Optional<FluidModel> fluid() {
    if (joining.ps() > 0) {
      return Optional.empty();
    }
    DataSize wire = new DataSize(mtu.bytes() + RoceV2.OVERHEAD);
    if (control instanceof Dcqcn dcqcn && dcqcn.clamp() == TargetClamp.EVERY_CUT) {
      FluidDcqcn model = FluidDcqcn.of(dcqcn).marking(marking).bottleneck(rate).packet(wire);
      return Optional.of(model.delay(baseRtt()).flows(flows));
    }
    if (control instanceof Timely timely) {
      Rate start = timely.start() == null ? rate : timely.start();
      Rate[] starts = Collections.nCopies(flows, start).toArray(Rate[]::new);
      FluidTimely model = FluidTimely.of(timely).bottleneck(rate).packet(wire);
      return Optional.of(model.propagation(new Time(4 * cable.ps())).startingAt(starts));
    }
    return Optional.empty();
  }

  /** From a packet's mark to the packet that obeys it: four cables, and what packets take. */
  private Time baseRtt() {
    long packet = rate.psFor(mtu.bytes() + RoceV2.OVERHEAD);
    return new Time(4 * cable.ps() + 2 * packet + 2 * rate.psFor(RoceV2.CNP_WIRE));
  }

  /**
   * Senders first, then the receiver, then the switch; link f is sender f's, the last the
   * receiver's.
   */
  Fabric fabric() {
    List<Node> nodes = new ArrayList<>();
    List<Link> links = new ArrayList<>();
    for (int i = 0; i <= flows; i++) {
      nodes.add(Node.gpu(i < flows ? "sender " + (i + 1) : "receiver"));
      links.add(new Link(i, flows + 1, rate, cable));
    }
    nodes.add(Node.leaf("switch"));
    return Fabric.of("bottleneck", nodes, links).switchLatency(Time.ZERO);
  }

  /** A title without the algorithm's parameters. */
  String title() {
    return "%d flows through %s under %s".formatted(flows, rate, Controls.brief(control));
  }

  RoceV2 transport() {
    return RoceV2.lossless(control).marking(marking).mtu(mtu);
  }

  @Override
  public String toString() {
    return "%d flows through %s under %s".formatted(flows, rate, control);
  }
}
