package weft.fabric;

import static weft.units.Units.mib;
import static weft.units.Units.ns;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import weft.cluster.Server;
import weft.report.Digits;
import weft.units.Check;
import weft.units.DataSize;
import weft.units.Rate;
import weft.units.Time;

/**
 * A two-tier leaf-spine fabric: GPU NICs fill leaves server by server, every leaf is cabled to
 * every spine. Each step returns a new builder; {@link #build()} does the arithmetic and refuses
 * what cannot be cabled.
 *
 * <p>Defaults: switches of 64 ports, half of a leaf's ports facing up (1:1), as few spines as their
 * ports allow, cables of 20 m (100 ns), 64 MiB of buffer and 500 ns in each switch.
 */
public final class LeafSpine {
  private static final Time NVLINK_DELAY = ns(100);

  /** More than this fills a usual machine's memory before anything runs. */
  private static final int MOST_GPUS = 1 << 20;

  private static final int MOST_PORTS = 1 << 16;

  // Assigned only while a copy is being made, before anybody else sees it.
  private int servers;
  private Server server = Server.DGX_H100;
  private int leafRadix = 64;
  private int leaves;
  private int spines;
  private double oversubscription = 1;
  private @Nullable Rate uplink;
  private Time cable = ns(100);
  private DataSize buffer = mib(64);
  private Time switchLatency = ns(500);

  private LeafSpine() {}

  static LeafSpine defaults() {
    return new LeafSpine();
  }

  private LeafSpine with(Consumer<LeafSpine> change) {
    var copy = new LeafSpine();
    copy.servers = servers;
    copy.server = server;
    copy.leafRadix = leafRadix;
    copy.leaves = leaves;
    copy.spines = spines;
    copy.oversubscription = oversubscription;
    copy.uplink = uplink;
    copy.cable = cable;
    copy.buffer = buffer;
    copy.switchLatency = switchLatency;
    change.accept(copy);
    return copy;
  }

  /** So many servers of this kind. */
  public LeafSpine servers(int count, Server kind) {
    Check.atLeast(1, "servers", count, "write for example servers(8, DGX_H100)");
    Check.notNull("the kind of servers", kind, "write for example servers(8, DGX_H100)");
    checkGpus(count, kind);
    return with(
        f -> {
          f.servers = count;
          f.server = kind;
        });
  }

  /** NICs of this rate in place of the server's own; uplinks follow unless given. */
  public LeafSpine nic(Rate rate) {
    Check.notNull("nic", rate, "write for example gbps(400)");
    return with(f -> f.server = f.server.nic(rate));
  }

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

  /** Propagation delay of every cable one way; 5 ns a metre. Default 100 ns, 20 m. */
  public LeafSpine cable(Time delay) {
    Check.notNull("cable", delay, "write for example ns(100)");
    return with(f -> f.cable = delay);
  }

  /** Shared packet buffer of every switch. Default 64 MiB. */
  public LeafSpine buffer(DataSize size) {
    Check.notNull("buffer", size, "write for example mib(64)");
    return with(f -> f.buffer = size);
  }

  /** Time from the last bit in to the first bit out of an idle switch. Default 500 ns. */
  public LeafSpine switchLatency(Time latency) {
    Check.notNull("switchLatency", latency, "write for example ns(500)");
    return with(f -> f.switchLatency = latency);
  }

  private static void checkGpus(int servers, Server kind) {
    long gpus = (long) servers * kind.gpus();
    if (gpus > MOST_GPUS) {
      throw new IllegalArgumentException(
          "a fabric joins at most %,d GPUs, but %,d servers of %d have %,d: lower the servers"
              .formatted(MOST_GPUS, servers, kind.gpus(), gpus));
    }
  }

  /**
   * The fabric.
   *
   * @throws IllegalArgumentException if the ports do not suffice; the message has the arithmetic
   */
  public Fabric build() {
    var plan =
        LeafSpinePlan.of(servers * server.gpus(), leafRadix, leaves, spines, oversubscription);
    var nodes = new ArrayList<Node>();
    var links = new ArrayList<Link>();
    int gpus = addServers(nodes, links);
    int firstLeaf = nodes.size();
    for (int l = 0; l < plan.leaves(); l++) {
      nodes.add(Node.leaf("leaf" + l));
    }
    for (int g = 0; g < gpus; g++) {
      links.add(new Link(g, firstLeaf + g / plan.downPerLeaf(), server.nic(), cable));
    }
    addSpines(plan, firstLeaf, nodes, links);
    return Fabric.of("leaf-spine", nodes, links).buffer(buffer).switchLatency(switchLatency);
  }

  /** As a cell writes it, with what was chosen and what was not. */
  @Override
  public String toString() {
    return "leafSpine(): %d x %s, leafRadix %d, leaves %s, spines %s, oversubscription %s, uplink %s, cable %s, buffer %s, switchLatency %s"
        .formatted(
            servers,
            server.name(),
            leafRadix,
            leaves == 0 ? "as needed" : leaves,
            spines == 0 ? "as needed" : spines,
            Digits.of(oversubscription),
            uplink == null ? server.nic() : uplink,
            cable,
            buffer,
            switchLatency);
  }

  private int addServers(List<Node> nodes, List<Link> links) {
    int gpus = servers * server.gpus();
    for (int g = 0; g < gpus; g++) {
      nodes.add(new Node("gpu" + g, Node.Role.GPU, g / server.gpus()));
    }
    if (server.gpus() == 1) {
      return gpus;
    }
    for (int s = 0; s < servers; s++) {
      int nvswitch = nodes.size();
      nodes.add(new Node("nvswitch" + s, Node.Role.NVSWITCH, s));
      for (int i = 0; i < server.gpus(); i++) {
        links.add(
            new Link(
                s * server.gpus() + i, nvswitch, server.accelerator().scaleUp(), NVLINK_DELAY));
      }
    }
    return gpus;
  }

  private void addSpines(LeafSpinePlan plan, int firstLeaf, List<Node> nodes, List<Link> links) {
    int firstSpine = nodes.size();
    for (int s = 0; s < plan.spines(); s++) {
      nodes.add(Node.spine("spine" + s));
    }
    Rate rate = uplink == null ? server.nic() : uplink;
    for (int l = 0; l < plan.leaves(); l++) {
      for (int up = 0; up < plan.upPerLeaf(); up++) {
        links.add(new Link(firstLeaf + l, firstSpine + up % plan.spines(), rate, cable));
      }
    }
  }
}
