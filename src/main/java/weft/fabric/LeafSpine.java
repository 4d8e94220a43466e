package weft.fabric;

import static weft.units.Units.mib;
import static weft.units.Units.ns;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import weft.cluster.Server;
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
    atLeast1("servers", count);
    return with(
        f -> {
          f.servers = count;
          f.server = kind;
        });
  }

  /** NICs of this rate in place of the server's own; uplinks follow unless given. */
  public LeafSpine nic(Rate rate) {
    return with(f -> f.server = f.server.nic(rate));
  }

  /** Ports of a leaf and of a spine. Default 64. */
  public LeafSpine leafRadix(int ports) {
    if (ports < 2) {
      throw new IllegalArgumentException(
          "a leaf needs at least 2 ports, one down and one up, but leafRadix was " + ports);
    }
    return with(f -> f.leafRadix = ports);
  }

  /** Exactly so many leaves, in place of as many as the GPUs need. */
  public LeafSpine leaves(int count) {
    atLeast1("leaves", count);
    return with(f -> f.leaves = count);
  }

  /** Exactly so many spines, in place of as few as their ports allow. */
  public LeafSpine spines(int count) {
    atLeast1("spines", count);
    return with(f -> f.spines = count);
  }

  /** Ports down over ports up of a leaf: 1 is non-blocking, 3 the classic data centre. */
  public LeafSpine oversubscription(double ratio) {
    if (!(ratio >= 1)) {
      throw new IllegalArgumentException(
          "oversubscription is ports down over ports up, at least 1, but was " + ratio);
    }
    return with(f -> f.oversubscription = ratio);
  }

  /** Leaf-to-spine cables of another rate than the NICs. */
  public LeafSpine uplink(Rate rate) {
    return with(f -> f.uplink = rate);
  }

  /** Propagation delay of every cable one way; 5 ns a metre. Default 100 ns, 20 m. */
  public LeafSpine cable(Time delay) {
    return with(f -> f.cable = delay);
  }

  /** Shared packet buffer of every switch. Default 64 MiB. */
  public LeafSpine buffer(DataSize size) {
    return with(f -> f.buffer = size);
  }

  /** Time from the last bit in to the first bit out of an idle switch. Default 500 ns. */
  public LeafSpine switchLatency(Time latency) {
    return with(f -> f.switchLatency = latency);
  }

  private static void atLeast1(String what, int count) {
    if (count < 1) {
      throw new IllegalArgumentException(what + " must be at least 1, but was " + count);
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
