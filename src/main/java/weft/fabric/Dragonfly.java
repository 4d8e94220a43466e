package weft.fabric;

import static weft.units.Units.ns;

import org.jspecify.annotations.Nullable;
import weft.units.Check;
import weft.units.Rate;
import weft.units.Time;

/**
 * A dragonfly (Kim, Dally, Scott, Abts, ISCA 2008): groups of {@code a} routers that are all linked
 * to each other, each with {@code p} GPUs and {@code h} links to other groups, so that every group
 * reaches every other directly. With {@code a = 2p = 2h} its links are used evenly ("balanced").
 * Minimal paths go local, global, local.
 *
 * <p>Lossless Ethernet (PFC on one priority) can deadlock on it: a packet may wait for a local link
 * before and after a global one, which closes cycles; InfiniBand breaks them with two virtual lanes
 * for minimal paths and three for others.
 *
 * <p>Defaults besides those of {@link FabricBuilder}: as many groups as there can be, {@code a h +
 * 1}; global cables of 100 m (500 ns), all links of the NICs' rate.
 */
public final class Dragonfly extends FullBuilder<Dragonfly> {
  private int p;
  private int a;
  private int h;
  private int groups;
  private @Nullable Rate local;
  private @Nullable Rate global;
  private Time globalCable = ns(500);

  Dragonfly() {}

  /** GPUs of each router. */
  public Dragonfly p(int gpus) {
    Check.atLeast(1, "p, a router's GPUs,", gpus, "write for example 2");
    return with(f -> f.p = gpus);
  }

  /** Routers of each group. */
  public Dragonfly a(int routers) {
    Check.atLeast(1, "a, a group's routers,", routers, "write for example 4");
    return with(f -> f.a = routers);
  }

  /** Global links of each router. */
  public Dragonfly h(int links) {
    Check.atLeast(1, "h, a router's global links,", links, "write for example 2");
    return with(f -> f.h = links);
  }

  /** Balanced: p = h and a = 2h, routers of 4h - 1 ports. {@code balanced(2)} holds 72 GPUs. */
  public Dragonfly balanced(int globalLinks) {
    return p(globalLinks).a(2 * globalLinks).h(globalLinks);
  }

  /** So many groups, in place of as many as there can be. */
  public Dragonfly groups(int count) {
    Check.atLeast(2, "groups", count, "leave it out for as many as there can be");
    return with(f -> f.groups = count);
  }

  /** Links inside groups of another rate than the NICs. */
  public Dragonfly local(Rate rate) {
    Check.notNull("local", rate, "write for example gbps(400)");
    return with(f -> f.local = rate);
  }

  /** Links between groups of another rate than the NICs. */
  public Dragonfly global(Rate rate) {
    Check.notNull("global", rate, "write for example gbps(400)");
    return with(f -> f.global = rate);
  }

  /** Propagation delay of a cable between groups. Default 500 ns, 100 m. */
  public Dragonfly globalCable(Time delay) {
    Check.notNull("globalCable", delay, "write for example ns(500)");
    return with(f -> f.globalCable = delay);
  }

  @Override
  public Fabric build() {
    int g = checkedGroups();
    int count =
        serversIn(
            (long) a * p * g,
            "a dragonfly of a = %d, p = %d and g = %d groups holds a p g".formatted(a, p, g));
    var assembly = Assembly.ofServers(count, this);
    int routers = assembly.switches("router", 1, a * g);
    for (int n = 0; n < count * server.gpus(); n++) {
      assembly.link(assembly.port(n), routers + n / p, nic(), cable);
    }
    for (int group = 0; group < g; group++) {
      for (int i = 0; i < a; i++) {
        for (int j = i + 1; j < a; j++) {
          assembly.link(
              routers + group * a + i,
              routers + group * a + j,
              local == null ? nic() : local,
              cable);
        }
      }
    }
    new GlobalLinks(g, a, h)
        .forEach(
            (from, to) ->
                assembly.link(
                    routers + from, routers + to, global == null ? nic() : global, globalCable));
    return assembly.fabric("dragonfly", new Arrangement.Groups(routers, a, g));
  }

  private int checkedGroups() {
    if (p == 0 || a == 0 || h == 0) {
      throw new IllegalArgumentException(
          "a dragonfly needs p, a and h: call balanced(2), or p(2).a(4).h(2), before build()");
    }
    return GlobalLinks.groups(
        groups, a, h, "a group of a = %d routers with h = %d".formatted(a, h));
  }

  /** As a cell writes it, with what was chosen and what was not. */
  @Override
  public String toString() {
    return "dragonfly(): p %d, a %d, h %d, groups %s, %s, local %s, global %s, globalCable %s, %s"
        .formatted(
            p,
            a,
            h,
            groups == 0 ? "as many as fit" : groups,
            serversText(),
            local == null ? nic() : local,
            global == null ? nic() : global,
            globalCable,
            common());
  }
}
