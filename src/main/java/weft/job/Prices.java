package weft.job;

/**
 * What a job's time and energy cost, US$.
 *
 * @param gpuHour rent of a GPU for an hour, server, network and power included
 * @param kilowattHour electricity
 * @param pue power usage effectiveness: all of a data centre's energy over that of its computers
 * @param network price of the whole network, 0 to leave it out
 * @param networkYears years in which it is written off
 */
public record Prices(
    double gpuHour, double kilowattHour, double pue, double network, double networkYears) {
  /**
   * @throws IllegalArgumentException if a price is negative, the PUE below 1 or the years not above
   *     0
   */
  public Prices {
    check("a GPU hour's price", gpuHour, 0, "DeepSeek reckoned with 2 US$");
    check("a kilowatt hour's price", kilowattHour, 0, "0.08 US$ is usual in US industry");
    check("the PUE", pue, 1, "1 is a data centre without cooling, 1.5 the average");
    check("a network's price", network, 0, "write fabric.bill().at(PartPrices.usual()).total()");
    check("a network's years", networkYears, Double.MIN_VALUE, "4 or 5 are usual");
  }

  private static void check(String name, double value, double least, String remedy) {
    if (!(value >= least) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          "%s is %s, but was %s: %s"
              .formatted(
                  name,
                  least == 1 ? "1 or more" : least == 0 ? "0 or more" : "above 0",
                  value,
                  remedy));
    }
  }

  /**
   * 2 US$ a GPU hour, as DeepSeek-V3's report reckons for an H800 (arXiv 2412.19437, table 1);
   * 0.0806 US$ a kWh, the mean of US industry in 2023 (EIA); PUE 1.54, the mean of Uptime
   * Institute's survey of 2025. Give your own for any decision.
   */
  public static Prices usual() {
    return new Prices(2, 0.0806, 1.54, 0, 4);
  }

  /** With GPUs at this price an hour. */
  public Prices gpuHour(double price) {
    return new Prices(price, kilowattHour, pue, network, networkYears);
  }

  /** With electricity at this price a kWh. */
  public Prices kilowattHour(double price) {
    return new Prices(gpuHour, price, pue, network, networkYears);
  }

  /** With a data centre of this PUE, at least 1. */
  public Prices pue(double ratio) {
    return new Prices(gpuHour, kilowattHour, ratio, network, networkYears);
  }

  /** With a network of this price, written off in so many years: a job pays for its days. */
  public Prices network(double price, double years) {
    return new Prices(gpuHour, kilowattHour, pue, price, years);
  }
}
