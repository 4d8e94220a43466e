package weft.engine.packet;

import weft.routing.PacketView;
import weft.routing.PortSelector;
import weft.routing.Routes;
import weft.routing.SwitchView;

/** A node as load balancing sees it, aimed at the candidates of the packet being placed. */
final class Crossing implements SwitchView {
  private final int node;
  private final long hashSeed;
  private final Selectors all;
  private Routes routes;
  private int set; // of candidates
  private int[] usable = {}; // ports of those not known to be down, where some are
  private boolean narrowed; // whether some are
  private int source; // of the packet
  private int destination;
  Clock clock; // of the thread that simulates this node

  Crossing(int node, long hashSeed, Selectors all, Clock clock) {
    this.node = node;
    this.hashSeed = hashSeed;
    this.all = all;
    this.routes = all.healthy();
    this.clock = clock;
  }

  /** Asks for one of these candidates, of which there are at least two: its port. */
  int choose(PortSelector selector, PacketView packet, Routes by, int candidates, int count) {
    routes = by;
    set = candidates;
    source = packet.source();
    destination = packet.destination();
    int n = narrow(count);
    int choice = n == 1 ? 0 : selector.choose(packet, n);
    if (choice < 0 || choice >= n) {
      throw new IllegalStateException(
          "a port selector answers from 0 to %d when it has %d candidates, but answered %d: see PortSelector.choose"
              .formatted(n - 1, n, choice));
    }
    return candidate(choice);
  }

  /** Leaves candidates out that this node knows to be down, unless all are: how many are left. */
  private int narrow(int n) {
    narrowed = false;
    if (!all.hasNoticed(node)) {
      return n;
    }
    if (usable.length < n) {
      usable = new int[n];
    }
    int left = 0;
    for (int i = 0; i < n; i++) {
      int port = candidate(i);
      if (!all.ports.port[port].noticed) {
        usable[left++] = port;
      }
    }
    narrowed = left > 0;
    return narrowed ? left : n;
  }

  private int candidate(int i) {
    return narrowed ? usable[i] : all.ports.at[routes.port(set, i)];
  }

  /** The candidate's number outside. */
  private int number(int i) {
    return all.ports.number[candidate(i)];
  }

  @Override
  public int node() {
    return node;
  }

  @Override
  public int ports() {
    return all.ports.first[node + 1] - all.ports.first[node];
  }

  @Override
  public long nowPs() {
    return clock.now;
  }

  @Override
  public long hashSeed() {
    return hashSeed;
  }

  @Override
  public int random(int n) {
    return all.draws.below(node, n);
  }

  @Override
  public int port(int i) {
    return candidate(i) - all.ports.first[node];
  }

  @Override
  public int next(int i) {
    return all.ports.node[all.ports.peer[candidate(i)]];
  }

  @Override
  public long queueBytes(int i) {
    return all.ports.port[candidate(i)].waiting();
  }

  @Override
  public long sentBytes(int i) {
    return all.ports.port[candidate(i)].bytes;
  }

  @Override
  public double bitsPerSecond(int i) {
    return all.ports.rate[candidate(i)].bitsPerSecond();
  }

  @Override
  public double pathBitsPerSecond(int i) {
    return routes.bitsPerSecond(number(i), destination);
  }

  @Override
  public boolean isShortest(int i) {
    return !all.detours || routes.contains(routes.towards(node, destination), number(i));
  }

  @Override
  public int ways(int i) {
    return routes.isAt(next(i), destination)
        ? 1
        : routes.count(all.towards(routes, next(i), source, destination));
  }

  @Override
  public int hops(int i) {
    return all.detours
        ? routes.hops(number(i), source, destination)
        : routes.hops(number(i), destination);
  }
}
