package weft.transport.fluid;

import static weft.units.Units.bytes;
import static weft.units.Units.gbps;
import static weft.units.Units.us;

import java.util.Collections;
import java.util.List;
import weft.transport.Dcqcn;
import weft.transport.Dcqcn.TargetClamp;
import weft.transport.Red;
import weft.units.Check;
import weft.units.DataSize;
import weft.units.Rate;
import weft.units.Time;

/**
 * DCQCN as a fluid: N flows through one port (Zhu et al., ECN or Delay, CoNEXT 2016, section 3.1,
 * eq. 3 to 7), with its fixed point and its phase margin.
 *
 * <p>Marking acts {@link #delay} after it was set. All that the model knows of packets is their
 * size; NICs have the rate of the bottleneck. PFC, hyper increase and minimum intervals between
 * cuts are outside the model.
 *
 * @param rules DCQCN's parameters
 * @param marking the port's marking
 * @param bottleneck the port's rate C
 * @param packet bytes of a packet on the wire
 * @param delay feedback delay τ*, above 0
 * @param startRates the first rate of each flow
 */
public record FluidDcqcn(
    Dcqcn rules, Red marking, Rate bottleneck, DataSize packet, Time delay, List<Rate> startRates)
    implements FluidModel {
  /**
   * @throws IllegalArgumentException if there is no flow, no delay, or the rules are not the
   *     paper's
   */
  public FluidDcqcn {
    String remedy = "begin with FluidDcqcn.of(Dcqcn.paper())";
    Check.notNull("the fluid's rules", rules, remedy);
    Check.notNull("the fluid's marking", marking, remedy);
    Check.notNull("the fluid's bottleneck", bottleneck, remedy);
    Check.notNull("the fluid's packet size", packet, remedy);
    Check.notNull("the fluid's delay", delay, remedy);
    startRates = List.copyOf(Check.notNull("the flows' first rates", startRates, remedy));
    FluidModel.checkFlows(startRates);
    FluidModel.check(packet, delay);
    if (delay.ps() <= 0) {
      throw new IllegalArgumentException(
          "feedback takes time, but the delay was %s: 4 us is short, 85 us long".formatted(delay));
    }
    if (rules.clamp() != TargetClamp.EVERY_CUT) {
      throw new IllegalArgumentException(
          "the fluid model lowers the target rate at every cut, as the paper's DCQCN does, but these rules do not: begin with Dcqcn.paper()");
    }
  }

  /** One flow through 40 Gb/s in packets of 1000 B with 4 us of delay, as in the paper. */
  public static FluidDcqcn of(Dcqcn rules) {
    Check.notNull("the fluid's rules", rules, "write Dcqcn.paper()");
    Rate link = gbps(40);
    return new FluidDcqcn(rules, rules.marking(), link, bytes(1000), us(4), List.of(link));
  }

  /** With so many flows, which start at line rate. */
  public FluidDcqcn flows(int count) {
    Check.atLeast(1, "flows", count, "write for example flows(2)");
    return startingAt(Collections.nCopies(count, bottleneck).toArray(Rate[]::new));
  }

  /** With a flow for each of these rates, at which it starts. */
  public FluidDcqcn startingAt(Rate... rates) {
    Check.noneNull("the flows' first rates", rates, "write for example gbps(7), gbps(3)");
    return new FluidDcqcn(rules, marking, bottleneck, packet, delay, List.of(rates));
  }

  /** With another rate of the bottleneck and of the NICs; flows start at it. */
  public FluidDcqcn bottleneck(Rate rate) {
    Check.notNull("the fluid's bottleneck", rate, "write for example gbps(40)");
    return new FluidDcqcn(rules, marking, rate, packet, delay, startRates).flows(flows());
  }

  /** With another packet size on the wire. */
  public FluidDcqcn packet(DataSize size) {
    return new FluidDcqcn(rules, marking, bottleneck, size, delay, startRates);
  }

  /** With another feedback delay. */
  public FluidDcqcn delay(Time time) {
    return new FluidDcqcn(rules, marking, bottleneck, packet, time, startRates);
  }

  /** With another marking profile. */
  public FluidDcqcn marking(Red profile) {
    return new FluidDcqcn(rules, profile, bottleneck, packet, delay, startRates);
  }

  @Override
  public int flows() {
    return startRates.size();
  }

  @Override
  public Trajectory run(Time length) {
    var system = new DcqcnSystem(this);
    double perPacket = 8.0 * packet.bytes();
    return Recorder.run(system, length, "fluid", DcqcnSystem.WIDTH, flows(), perPacket);
  }

  /**
   * The fixed point of the model: the root of eq. p_fixed, by Brent's method. Where p* exceeds Pmax
   * no queue below Kmax marks enough, and the queue stays about Kmax.
   */
  @Override
  public FixedPoint fixedPoint() {
    return new DcqcnFixedPoints(this).exact();
  }

  /** The authors' first-order approximation of {@link #fixedPoint()}, eq. fixedp. */
  public FixedPoint approximateFixedPoint() {
    return new DcqcnFixedPoints(this).taylor();
  }

  /**
   * The fixed point of the packets' own process. The model lets cuts fall at any time, but CNPs
   * come at least {@link Dcqcn#cnpInterval} apart, so none falls where a cut would take most from
   * the target rate: shortly after the one before. At a given marking probability real flows are
   * therefore a fifth faster than the model's (with the paper's parameters), and settle at a longer
   * queue. This is the mean over one cycle from cut to cut, event by event, at a constant marking
   * probability; as the interval shrinks it becomes {@link #fixedPoint()}.
   */
  public FixedPoint pacedFixedPoint() {
    return new DcqcnFixedPoints(this).paced();
  }

  @Override
  public double phaseMargin() {
    return new DcqcnStability(this).phaseMargin();
  }

  @Override
  public String toString() {
    return "fluid of %s, %d flows through %s, delay %s"
        .formatted(rules, flows(), bottleneck, delay);
  }
}
