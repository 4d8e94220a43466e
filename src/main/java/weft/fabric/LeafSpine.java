package weft.fabric;

import org.jspecify.annotations.Nullable;
import weft.fabric.LeafSpinePlan.LeafPorts;
import weft.report.Digits;
import weft.units.Check;
import weft.units.Rate;

/**
 * A leaf-spine fabric of two tiers, or of three with {@link #pods}: every leaf is cabled to every
 * spine of its pod, every pod to every core.
 *
 * <p>What its kinds differ in is which GPUs share a leaf: those of neighbouring servers ({@link
 * Fabric#leafSpine}), those of one rail ({@link Fabric#railOptimized}: GPU r of every server), and
 * whether there are several such networks side by side: one a rail ({@link Fabric#railOnly}) or one
 * a plane ({@link Fabric#multiPlane}), where each NIC has a port on every plane.
 *
 * <p>Defaults besides those of {@link FabricBuilder}: switches of 64 ports, half of a leaf's ports
 * facing up (1:1), as few spines and cores as their ports allow.
 */
public final class LeafSpine extends FabricBuilder<LeafSpine> {
  private static final int MOST_PORTS = 1 << 16;

  /** Which GPUs share a leaf, and whether leaves of different rails are joined. */
  enum Rails {
    NONE,
    JOINED,
    APART
  }

  private final Rails rails;
  int planes = 1;
  int pods = 1;
  private int leafRadix = 64;
  private int spineRadix;
  private int coreRadix;
  private @Nullable LeafPorts leafPorts;
  private int leaves;
  private int spines;
  private int cores;
  private double oversubscription = 1;
  private double podOversubscription = 1;
  private @Nullable Rate uplink;
  private @Nullable Rate coreUplink;

  LeafSpine(Rails rails, int planes) {
    this.rails = rails;
    this.planes = planes;
    nicsApart = rails == Rails.APART;
  }

  /** Ports of a leaf, and of a spine and core unless given. Default 64. */
  public LeafSpine leafRadix(int ports) {
    checkPorts("a leaf has from 2 ports, one down and one up,", "leafRadix", ports);
    return with(f -> f.leafRadix = ports);
  }

  /** Ports of a spine, if not those of a leaf. */
  public LeafSpine spineRadix(int ports) {
    checkPorts("a spine has from 2 ports", "spineRadix", ports);
    return with(f -> f.spineRadix = ports);
  }

  /** Ports of a core, if not those of a spine. */
  public LeafSpine coreRadix(int ports) {
    checkPorts("a core has from 2 ports", "coreRadix", ports);
    return with(f -> f.coreRadix = ports);
  }

  private static void checkPorts(String rule, String name, int ports) {
    if (ports < 2 || ports > MOST_PORTS) {
      throw new IllegalArgumentException(
          "%s to %d, but %s was %d: write for example 64".formatted(rule, MOST_PORTS, name, ports));
    }
  }

  /** So many ports of a leaf down to GPUs and up to spines, in place of a share of leafRadix. */
  public LeafSpine leafPorts(int down, int up) {
    Check.atLeast(1, "a leaf's ports down", down, "write for example leafPorts(48, 16)");
    Check.atLeast(1, "a leaf's ports up", up, "write for example leafPorts(48, 16)");
    checkPorts(
        "a leaf has from 2 ports, one down and one up,",
        "leafPorts",
        (int) Math.min(Integer.MAX_VALUE, (long) down + up));
    return with(f -> f.leafPorts = new LeafPorts(down, up, down + up));
  }

  /** Exactly so many leaves in each pod, in place of as many as the GPUs need. */
  public LeafSpine leaves(int count) {
    Check.atLeast(1, "leaves", count, "leave it out for as many as the GPUs need");
    return with(f -> f.leaves = count);
  }

  /** Exactly so many spines in each pod, in place of as few as their ports allow. */
  public LeafSpine spines(int count) {
    Check.atLeast(1, "spines", count, "leave it out for as few as the ports allow");
    return with(f -> f.spines = count);
  }

  /** Exactly so many cores, in place of as few as their ports allow. */
  public LeafSpine cores(int count) {
    Check.atLeast(1, "cores", count, "leave it out for as few as the ports allow");
    return with(f -> f.cores = count);
  }

  /** Three tiers: so many pods of leaves and spines, joined by cores. Servers fill them equally. */
  public LeafSpine pods(int count) {
    Check.atLeast(1, "pods", count, "write for example pods(4)");
    return with(f -> f.pods = count);
  }

  /**
   * Ports down over ports up of a leaf: 1 is non-blocking, 3 the classic data centre, 0.5 has twice
   * the ports up.
   */
  public LeafSpine oversubscription(double ratio) {
    checkRatio("oversubscription", ratio);
    return with(f -> f.oversubscription = ratio);
  }

  /** Ports down over ports up of a spine, between a pod and the cores. Default 1. */
  public LeafSpine podOversubscription(double ratio) {
    checkRatio("podOversubscription", ratio);
    return with(f -> f.podOversubscription = ratio);
  }

  private static void checkRatio(String name, double ratio) {
    if (!(ratio > 0) || Double.isInfinite(ratio)) {
      throw new IllegalArgumentException(
          name
              + " is ports down over ports up, a number above 0, but was "
              + ratio
              + ": 1 is non-blocking");
    }
  }

  /** Leaf-to-spine cables of another rate than a leaf's ports down. */
  public LeafSpine uplink(Rate rate) {
    Check.notNull("uplink", rate, "write for example gbps(400)");
    return with(f -> f.uplink = rate);
  }

  /** Spine-to-core cables of another rate than leaf-to-spine ones. */
  public LeafSpine coreUplink(Rate rate) {
    Check.notNull("coreUplink", rate, "write for example gbps(800)");
    return with(f -> f.coreUplink = rate);
  }

  /**
   * Each NIC's rate split over so many planes, networks that are not joined: a port of half the
   * rate on each of two.
   */
  public LeafSpine planes(int count) {
    Check.atLeast(1, "planes", count, "write planes(2) for a dual-plane fabric");
    return with(f -> f.planes = count);
  }

  /**
   * The fabric.
   *
   * @throws IllegalArgumentException if the ports do not suffice; the message has the arithmetic
   */
  @Override
  public Fabric build() {
    if (rails != Rails.NONE && server.gpus() == 1 && servers > 0) {
      throw new IllegalArgumentException(
          "a rail is GPU r of every server, but a %s has 1: give servers of several GPUs, or use leafSpine()"
              .formatted(server.name()));
    }
    if (planes > 1 && nicsApart) {
      throw new IllegalArgumentException(
          "a NIC with a port on each of %d planes cannot be apart from its GPU: leave out throughPcie() or planes"
              .formatted(planes));
    }
    var assembly = Assembly.ofServers(servers, this);
    if (rails == Rails.APART) {
      assembly.relayOverNvLink(servers);
    }
    int networks = rails == Rails.APART ? server.gpus() : 1;
    var wiring = new LeafSpineWiring(assembly, this, networks * planes);
    for (int plane = 0; plane < planes; plane++) {
      for (int n = 0; n < networks; n++) {
        wiring.add(plane * networks + n, n);
      }
    }
    return assembly.fabric(name());
  }

  private String name() {
    String kind =
        switch (rails) {
          case NONE -> "leaf-spine";
          case JOINED -> "rail-optimised";
          case APART -> "rail-only";
        };
    return planes == 1 ? kind : "%s of %d planes".formatted(kind, planes);
  }

  Rails rails() {
    return rails;
  }

  /** What a network's name ends in, after the number of a switch. */
  String suffix(int network) {
    return switch (rails) {
      case APART -> "-rail" + network;
      default -> planes > 1 ? "-plane" + network : "";
    };
  }

  LeafSpinePlan podPlan(int gpus, LeafSpinePlan.LeavesFor leavesFor) {
    boolean free = leafPorts == null && leaves == 0 && spines == 0 && pods == 1;
    if (rails == Rails.APART && free && gpus > 0 && gpus <= radix()) {
      return new LeafSpinePlan(1, 0, radix(), 0); // the rail is one switch
    }
    LeafPorts ports = leafPorts == null ? LeafPorts.shared(radix(), oversubscription) : leafPorts;
    int facingLeaves =
        pods == 1 ? spineRadix() : LeafPorts.shared(spineRadix(), podOversubscription).down();
    return LeafSpinePlan.of(gpus, leavesFor, ports, facingLeaves, leaves, spines, pods == 1);
  }

  CorePlan corePlan(LeafSpinePlan pod) {
    int ofCore = coreRadix == 0 ? spineRadix() : coreRadix;
    return pods == 1
        ? CorePlan.NONE
        : CorePlan.of(pods, pod, spineRadix(), ofCore, podOversubscription, cores);
  }

  /** Ports of a leaf: its kind's, if that was given. */
  private int radix() {
    return model() == null ? leafRadix : model().ports();
  }

  private int spineRadix() {
    return spineRadix == 0 ? radix() : spineRadix;
  }

  /** Rate of a GPU's port on one plane. */
  Rate portRate() {
    return planes == 1 ? nic() : nic().times(1.0 / planes);
  }

  Rate uplinkRate() {
    return uplink == null ? portRate() : uplink;
  }

  Rate coreRate() {
    return coreUplink == null ? uplinkRate() : coreUplink;
  }

  /** As a cell writes it, with what was chosen and what was not. */
  @Override
  public String toString() {
    return "%s: %d x %s, leafRadix %d, leaves %s, spines %s, oversubscription %s, uplink %s, pods %d, cores %s, podOversubscription %s, coreUplink %s, %s"
        .formatted(
            name(),
            servers,
            server.name(),
            radix(),
            chosen(leaves),
            chosen(spines),
            leafPorts == null ? Digits.of(oversubscription) : leafPorts,
            uplinkRate(),
            pods,
            chosen(cores),
            Digits.of(podOversubscription),
            coreRate(),
            common());
  }

  private static String chosen(int count) {
    return count == 0 ? "as needed" : String.valueOf(count);
  }
}
