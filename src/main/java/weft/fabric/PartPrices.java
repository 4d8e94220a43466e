package weft.fabric;

/**
 * What the parts of a fabric cost, US$; NaN where no price is known. A switch's and a transceiver's
 * price goes with the rate of its ports.
 *
 * @param switchGbps of a switch, for each Gb/s of all its ports
 * @param transceiverGbps of a transceiver, for each Gb/s
 * @param fibre of a fibre cable without its transceivers
 * @param copper of a direct-attach copper cable
 * @param activeOptical of an active optical cable, transceivers included
 */
public record PartPrices(
    double switchGbps, double transceiverGbps, double fibre, double copper, double activeOptical) {
  /**
   * @throws IllegalArgumentException if a price is negative
   */
  public PartPrices {
    check("a switch's", switchGbps);
    check("a transceiver's", transceiverGbps);
    check("a fibre's", fibre);
    check("a copper cable's", copper);
    check("an active optical cable's", activeOptical);
  }

  private static void check(String whose, double price) {
    if (price < 0 || Double.isInfinite(price)) {
      throw new IllegalArgumentException(
          "%s price is 0 US$ or more, but was %s: write Double.NaN where it is not known"
              .formatted(whose, price));
    }
  }

  /**
   * Prices that were public in 2025 and 2026; they differ by vendor and volume, so give your own. A
   * QM9700 of 64 ports of 400 Gb/s at 35,000 US$ (infra-economics.com); a 400 Gb/s transceiver at
   * 600 to 800 US$ and a fibre trunk at 50 to 150 US$ (LuxOptX, cost analysis of 800G modules), the
   * middle of each. No price was found for copper and active optical cables.
   */
  public static PartPrices usual() {
    return new PartPrices(35_000.0 / (64 * 400), 700.0 / 400, 100, Double.NaN, Double.NaN);
  }

  /** With switches at this price for each Gb/s of their ports. */
  public PartPrices switchGbps(double price) {
    return new PartPrices(price, transceiverGbps, fibre, copper, activeOptical);
  }

  /** With transceivers at this price for each Gb/s. */
  public PartPrices transceiverGbps(double price) {
    return new PartPrices(switchGbps, price, fibre, copper, activeOptical);
  }

  /** With cables at these prices each. */
  public PartPrices cables(double ofFibre, double ofCopper, double ofActiveOptical) {
    return new PartPrices(switchGbps, transceiverGbps, ofFibre, ofCopper, ofActiveOptical);
  }
}
