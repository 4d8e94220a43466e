package weft.cluster;

import static weft.units.Units.gbps;

import weft.units.Check;
import weft.units.Rate;

/**
 * A kind of switch: how many ports of which rate, and what it draws.
 *
 * @param name as the vendor writes it
 * @param cages places for a transceiver or cable
 * @param cageRate rate of each of those
 * @param breakout ports that each of them is split into: 2 makes an 800 Gb/s cage two ports of 400
 * @param watts power without optics, W; 0 where no figure was found
 */
public record SwitchModel(String name, int cages, Rate cageRate, int breakout, double watts) {
  private static final int MOST_LANES = 8;

  /**
   * @throws IllegalArgumentException if something is missing or out of range
   */
  public SwitchModel {
    Check.notNull("a switch's name", name, "write it as the vendor does");
    Check.atLeast(2, "a switch's cages", cages, "a QM9700 has 64 ports of 400 Gb/s");
    Check.notNull("a switch's cageRate", cageRate, "write for example gbps(800)");
    if (breakout < 1 || breakout > MOST_LANES || Integer.bitCount(breakout) != 1) {
      throw new IllegalArgumentException(
          "a port is split into 1, 2, 4 or 8 by its lanes, but into %d was asked for: write for example breakout(2)"
              .formatted(breakout));
    }
    if (!(watts >= 0) || Double.isInfinite(watts)) {
      throw new IllegalArgumentException(
          "a switch's power is 0 W or more, but was %s: write 0 where it is not known"
              .formatted(watts));
    }
  }

  /**
   * NVIDIA QM9700, InfiniBand NDR: 64 ports of 400 Gb/s; 747 W with passive cables (vendor
   * datasheet). Its 32 cages take twin-port transceivers.
   */
  public static final SwitchModel QM9700 = new SwitchModel("QM9700", 32, gbps(800), 2, 747);

  /** NVIDIA SN5600, Spectrum-4: 64 ports of 800 Gb/s; 940 W without optics (vendor datasheet). */
  public static final SwitchModel SN5600 = new SwitchModel("SN5600", 64, gbps(800), 1, 940);

  /** NVIDIA SN5400, Spectrum-4: 64 ports of 400 Gb/s. */
  public static final SwitchModel SN5400 = new SwitchModel("SN5400", 64, gbps(400), 1, 0);

  /** Any switch with so many ports of this rate. */
  public static SwitchModel of(int ports, Rate rate) {
    return new SwitchModel("%d x %s".formatted(ports, rate), ports, rate, 1, 0);
  }

  /** This switch with every cage split into so many ports: {@code SN5600.breakout(2)}. */
  public SwitchModel breakout(int ways) {
    return new SwitchModel(name, cages, cageRate, ways, watts);
  }

  /** This switch drawing so many watts without optics; 0 where that is not known. */
  public SwitchModel drawing(double power) {
    return new SwitchModel(name, cages, cageRate, breakout, power);
  }

  /** How many ports it has. */
  public int ports() {
    return cages * breakout;
  }

  /** The rate of a port. */
  public Rate portRate() {
    return cageRate.times(1.0 / breakout);
  }

  /** For example {@code SN5600, 128 x 400 Gb/s}. */
  @Override
  public String toString() {
    return "%s, %d x %s".formatted(name, ports(), portRate());
  }
}
