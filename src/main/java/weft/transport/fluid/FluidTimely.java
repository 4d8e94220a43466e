package weft.transport.fluid;

import static weft.units.Units.bytes;
import static weft.units.Units.gbps;
import static weft.units.Units.us;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import weft.transport.Timely;
import weft.transport.Timely.Between;
import weft.units.Check;
import weft.units.DataSize;
import weft.units.Rate;
import weft.units.Time;

/**
 * TIMELY as a fluid, original and patched: N flows through one port (Zhu et al., ECN or Delay,
 * CoNEXT 2016, eq. 20 to 24 and 29), with the fixed point and the phase margin of the patched one.
 *
 * <p>An RTT is what its packet's queue takes, and comes to the sender {@code τ' = q/C + packet/C +
 * propagation} later; thresholds are compared with the queueing delay. A flow updates its rate
 * every {@code max(segment/R, minRtt)}. As in the paper there is no hyper-active increase, so flows
 * that start together at line rate are cut deep and take far longer to come back than packets do:
 * give both a share to start with, {@link Timely#startingAt}.
 *
 * @param rules TIMELY's parameters
 * @param bottleneck the port's rate C
 * @param packet bytes of a packet
 * @param propagation propagation delay
 * @param startRates the first rate of each flow
 */
public record FluidTimely(
    Timely rules, Rate bottleneck, DataSize packet, Time propagation, List<Rate> startRates)
    implements FluidModel {
  /**
   * @throws IllegalArgumentException if there is no flow
   */
  public FluidTimely {
    String remedy = "begin with FluidTimely.of(Timely.patched())";
    Check.notNull("the fluid's rules", rules, remedy);
    Check.notNull("the fluid's bottleneck", bottleneck, remedy);
    Check.notNull("the fluid's packet size", packet, remedy);
    Check.notNull("the fluid's propagation delay", propagation, remedy);
    startRates = List.copyOf(Check.notNull("the flows' first rates", startRates, remedy));
    FluidModel.checkFlows(startRates);
    FluidModel.check(packet, propagation);
  }

  /** One flow through 10 Gb/s in packets of 1000 B with 4 us of propagation, as in the paper. */
  public static FluidTimely of(Timely rules) {
    Check.notNull("the fluid's rules", rules, "write Timely.patched()");
    return new FluidTimely(rules, gbps(10), bytes(1000), us(4), List.of(gbps(10)));
  }

  /** With so many flows, which start with equal shares of the bottleneck, as in the paper. */
  public FluidTimely flows(int count) {
    Check.atLeast(1, "flows", count, "write for example flows(2)");
    Rate share = bottleneck.times(1.0 / count);
    return startingAt(Collections.nCopies(count, share).toArray(Rate[]::new));
  }

  /** With a flow for each of these rates, at which it starts. */
  public FluidTimely startingAt(Rate... rates) {
    Check.noneNull("the flows' first rates", rates, "write for example gbps(7), gbps(3)");
    return new FluidTimely(rules, bottleneck, packet, propagation, List.of(rates));
  }

  /** With another rate of the bottleneck, of which flows start with equal shares. */
  public FluidTimely bottleneck(Rate rate) {
    Check.notNull("the fluid's bottleneck", rate, "write for example gbps(10)");
    return new FluidTimely(rules, rate, packet, propagation, startRates).flows(flows());
  }

  /** With another packet size. */
  public FluidTimely packet(DataSize size) {
    return new FluidTimely(rules, bottleneck, size, propagation, startRates);
  }

  /** With another propagation delay. */
  public FluidTimely propagation(Time delay) {
    return new FluidTimely(rules, bottleneck, packet, delay, startRates);
  }

  @Override
  public int flows() {
    return startRates.size();
  }

  @Override
  public Trajectory run(Time length) {
    return Recorder.run(new TimelySystem(this), length, "fluid", TimelySystem.WIDTH, flows(), 1);
  }

  /**
   * The fixed point of patched TIMELY, eq. timely_fixed_q: {@code q* = q' (1 + N δ/(β C))} with
   * {@code q' = C T_low}.
   *
   * @throws IllegalStateException for the original, which has none
   */
  @Override
  public FixedPoint fixedPoint() {
    checkPatched("a fixed point");
    double capacity = bottleneck.bitsPerSecond();
    double reference = capacity / 8 * rules.low().seconds();
    double delta = rules.additiveIncrease().bitsPerSecond();
    double queue = reference * (1 + flows() * delta / (rules.beta() * capacity));
    double delay = queue * 8 / capacity * 1e6;
    return new FixedPoint(capacity / flows(), queue, Map.of("queueing delay (us)", delay));
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException for the original, which has no fixed point
   */
  @Override
  public double phaseMargin() {
    checkPatched("a phase margin");
    return new TimelyStability(this).phaseMargin();
  }

  private void checkPatched(String what) {
    if (rules.between() == Between.GRADIENT) {
      throw new IllegalStateException(
          "original TIMELY has no fixed point (Zhu et al., CoNEXT 2016, Theorem 3), so ask Timely.patched() for %s"
              .formatted(what));
    }
  }

  @Override
  public String toString() {
    return "fluid of %s, %d flows through %s, propagation %s"
        .formatted(rules, flows(), bottleneck, propagation);
  }
}
