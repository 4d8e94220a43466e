package weft.fabric;

import org.jspecify.annotations.Nullable;
import weft.report.Digits;
import weft.units.Check;
import weft.units.Rate;

/**
 * A two-tier leaf-spine fabric: GPU NICs fill leaves server by server, every leaf is cabled to
 * every spine.
 *
 * <p>Defaults besides those of {@link FabricBuilder}: switches of 64 ports, half of a leaf's ports
 * facing up (1:1), as few spines as their ports allow.
 */
public final class LeafSpine extends FabricBuilder<LeafSpine> {
  private static final int MOST_PORTS = 1 << 16;

  private int leafRadix = 64;
  private int leaves;
  private int spines;
  private double oversubscription = 1;
  private @Nullable Rate uplink;

  LeafSpine() {}

  /** Ports of a leaf and of a spine. Default 64. */
  public LeafSpine leafRadix(int ports) {
    if (ports < 2 || ports > MOST_PORTS) {
      throw new IllegalArgumentException(
          "a leaf has from 2 ports, one down and one up, to %d, but leafRadix was %d: write for example 64"
              .formatted(MOST_PORTS, ports));
    }
    return with(f -> f.leafRadix = ports);
  }

  /** Exactly so many leaves, in place of as many as the GPUs need. */
  public LeafSpine leaves(int count) {
    Check.atLeast(1, "leaves", count, "leave it out for as many as the GPUs need");
    return with(f -> f.leaves = count);
  }

  /** Exactly so many spines, in place of as few as their ports allow. */
  public LeafSpine spines(int count) {
    Check.atLeast(1, "spines", count, "leave it out for as few as the ports allow");
    return with(f -> f.spines = count);
  }

  /** Ports down over ports up of a leaf: 1 is non-blocking, 3 the classic data centre. */
  public LeafSpine oversubscription(double ratio) {
    if (!(ratio >= 1) || Double.isInfinite(ratio)) {
      throw new IllegalArgumentException(
          "oversubscription is ports down over ports up, a number from 1, but was "
              + ratio
              + ": 1 is non-blocking");
    }
    return with(f -> f.oversubscription = ratio);
  }

  /** Leaf-to-spine cables of another rate than the NICs. */
  public LeafSpine uplink(Rate rate) {
    Check.notNull("uplink", rate, "write for example gbps(400)");
    return with(f -> f.uplink = rate);
  }

  /**
   * The fabric.
   *
   * @throws IllegalArgumentException if the ports do not suffice; the message has the arithmetic
   */
  @Override
  public Fabric build() {
    var plan = LeafSpinePlan.of(gpus(), leafRadix, leaves, spines, oversubscription);
    var assembly = Assembly.ofServers(servers, server);
    int firstLeaf = assembly.switches("leaf", 1, plan.leaves());
    for (int g = 0; g < gpus(); g++) {
      assembly.link(g, firstLeaf + g / plan.downPerLeaf(), nic(), cable);
    }
    int firstSpine = assembly.switches("spine", 2, plan.spines());
    for (int l = 0; l < plan.leaves(); l++) {
      for (int up = 0; up < plan.upPerLeaf(); up++) {
        assembly.link(firstLeaf + l, firstSpine + up % plan.spines(), uplinkRate(), cable);
      }
    }
    return assembly.fabric("leaf-spine", this);
  }

  private Rate uplinkRate() {
    return uplink == null ? nic() : uplink;
  }

  /** As a cell writes it, with what was chosen and what was not. */
  @Override
  public String toString() {
    return "leafSpine(): %d x %s, leafRadix %d, leaves %s, spines %s, oversubscription %s, uplink %s, %s"
        .formatted(
            servers,
            server.name(),
            leafRadix,
            leaves == 0 ? "as needed" : leaves,
            spines == 0 ? "as needed" : spines,
            Digits.of(oversubscription),
            uplinkRate(),
            common());
  }
}
