package weft.transport.fluid;

import java.util.List;
import weft.units.DataSize;
import weft.units.Rate;
import weft.units.Time;

/** Congestion control of N flows through one port, as differential equations with delay. */
public sealed interface FluidModel permits FluidDcqcn, FluidTimely {
  /** The longest delay that a model looks back over. */
  Time LONGEST = new Time(1_000_000_000_000L);

  /** How many flows there are. */
  int flows();

  /** Queue and rates from the start on. */
  Trajectory run(Time length);

  /** Where all flows are equal and nothing changes any more. */
  FixedPoint fixedPoint();

  /**
   * How far the linearised loop is from instability at its fixed point, degrees: what its phase
   * lacks to -180° where its gain is 1 (Bode's criterion). Below 0 a disturbance grows.
   */
  double phaseMargin();

  /** Refuses delays that would need too long a memory, and packets of no size. */
  static void check(DataSize packet, Time delay) {
    if (packet.bytes() < 1) {
      throw new IllegalArgumentException(
          "a packet has at least 1 byte, but was %s: write for example bytes(1000)"
              .formatted(packet));
    }
    if (delay.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "a fluid's delay is at most %s, but was %s: 85 us is long".formatted(LONGEST, delay));
    }
  }

  /** Refuses a model without flows. */
  static void checkFlows(List<Rate> startRates) {
    if (startRates.isEmpty()) {
      throw new IllegalArgumentException("a fluid has at least 1 flow: write for example flows(2)");
    }
  }
}
