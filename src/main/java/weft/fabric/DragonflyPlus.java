package weft.fabric;

import static weft.units.Units.ns;

import weft.units.Check;
import weft.units.Time;

/**
 * A dragonfly+ (Shpiner, Haramaty, Eliad, Zdornov, Gafni, Zahavi, HiPINEB 2017): groups that are
 * leaf-spine networks, joined by links between spines, so that every group reaches every other
 * directly. Minimal paths go up, over, down.
 *
 * <p>Defaults besides those of {@link FabricBuilder}: switches of {@code radix} ports, half of a
 * leaf's for GPUs, half of a spine's for other groups; as many groups as there can be, {@code
 * (radix/2)² + 1}; cables between groups of 100 m (500 ns).
 */
public final class DragonflyPlus extends FullBuilder<DragonflyPlus> {
  private int leaves;
  private int spines;
  private int p;
  private int h;
  private int groups;
  private Time globalCable = ns(500);

  DragonflyPlus() {}

  /** Balanced groups of switches with so many ports, an even number: half of each way. */
  public DragonflyPlus radix(int ports) {
    if (ports < 2 || ports % 2 != 0) {
      throw new IllegalArgumentException(
          "half of a dragonfly+ switch's ports face each way, so radix is an even number from 2, but was %d: write for example 8"
              .formatted(ports));
    }
    return group(ports / 2, ports / 2).p(ports / 2).h(ports / 2);
  }

  /** Leaves and spines of each group, all linked to each other. */
  public DragonflyPlus group(int leafCount, int spineCount) {
    Check.atLeast(1, "a group's leaves", leafCount, "write for example group(4, 4)");
    Check.atLeast(1, "a group's spines", spineCount, "write for example group(4, 4)");
    return with(
        f -> {
          f.leaves = leafCount;
          f.spines = spineCount;
        });
  }

  /** GPUs of each leaf. */
  public DragonflyPlus p(int gpus) {
    Check.atLeast(1, "p, a leaf's GPUs,", gpus, "write for example 4");
    return with(f -> f.p = gpus);
  }

  /** Global links of each spine. */
  public DragonflyPlus h(int links) {
    Check.atLeast(1, "h, a spine's global links,", links, "write for example 4");
    return with(f -> f.h = links);
  }

  /** So many groups, in place of as many as there can be. */
  public DragonflyPlus groups(int count) {
    Check.atLeast(2, "groups", count, "leave it out for as many as there can be");
    return with(f -> f.groups = count);
  }

  /** Propagation delay of a cable between groups. Default 500 ns, 100 m. */
  public DragonflyPlus globalCable(Time delay) {
    Check.notNull("globalCable", delay, "write for example ns(500)");
    return with(f -> f.globalCable = delay);
  }

  @Override
  public Fabric build() {
    if (leaves == 0 || p == 0 || h == 0) {
      throw new IllegalArgumentException(
          "a dragonfly+ needs its groups: call radix(8), or group(4, 4).p(4).h(4), before build()");
    }
    int g =
        GlobalLinks.groups(
            groups, spines, h, "a group of %d spines with h = %d".formatted(spines, h));
    int count =
        serversIn(
            (long) leaves * p * g,
            "a dragonfly+ of g = %d groups of %d leaves with p = %d holds g x leaves x p"
                .formatted(g, leaves, p));
    var assembly = Assembly.ofServers(count, this);
    int size = leaves + spines;
    int first = addGroups(assembly, g);
    for (int n = 0; n < count * server.gpus(); n++) {
      int leaf = n / p;
      assembly.link(assembly.port(n), first + leaf / leaves * size + leaf % leaves, nic(), cable);
    }
    for (int s = first; s < first + g * size; s += size) {
      for (int i = 0; i < leaves * spines; i++) {
        assembly.link(s + i / spines, s + leaves + i % spines, nic(), cable);
      }
    }
    new GlobalLinks(g, spines, h, size, leaves)
        .forEach((from, to) -> assembly.link(first + from, first + to, nic(), globalCable));
    return assembly.fabric("dragonfly+", new Arrangement.Groups(first, size, g));
  }

  private int addGroups(Assembly assembly, int g) {
    int first = assembly.switches("leaf", "", 1, 0, leaves);
    assembly.switches("spine", "", 2, 0, spines);
    for (int group = 1; group < g; group++) {
      assembly.switches("leaf", "", 1, group * leaves, leaves);
      assembly.switches("spine", "", 2, group * spines, spines);
    }
    return first;
  }

  /** As a cell writes it, with what was chosen and what was not. */
  @Override
  public String toString() {
    return "dragonflyPlus(): group %d, %d, p %d, h %d, groups %s, %s, globalCable %s, %s"
        .formatted(
            leaves,
            spines,
            p,
            h,
            groups == 0 ? "as many as fit" : groups,
            serversText(),
            globalCable,
            common());
  }
}
