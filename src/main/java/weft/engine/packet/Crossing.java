package weft.engine.packet;

import org.apache.commons.math3.random.RandomGenerator;
import weft.routing.PortSelector;
import weft.routing.Routes;
import weft.routing.SwitchView;

/** A node as load balancing sees it, aimed at the candidates of the packet being placed. */
final class Crossing implements SwitchView {
  private final int node;
  private final int ports;
  private final long hashSeed;
  private final Selectors all;
  private int set; // of candidates

  Crossing(int node, int ports, long hashSeed, Selectors all) {
    this.node = node;
    this.ports = ports;
    this.hashSeed = hashSeed;
    this.all = all;
  }

  /** Asks for one of these candidates, of which there are at least two. */
  int choose(PortSelector selector, Header packet, int candidates, int n) {
    set = candidates;
    int choice = selector.choose(packet, n);
    if (choice < 0 || choice >= n) {
      throw new IllegalStateException(
          "a port selector answers from 0 to %d when it has %d candidates, but answered %d: see PortSelector.choose"
              .formatted(n - 1, n, choice));
    }
    return choice;
  }

  private int candidate(int i) {
    return routes().port(set, i);
  }

  private Routes routes() {
    return all.routes;
  }

  @Override
  public int node() {
    return node;
  }

  @Override
  public int ports() {
    return ports;
  }

  @Override
  public long nowPs() {
    return all.events.now;
  }

  @Override
  public long hashSeed() {
    return hashSeed;
  }

  @Override
  public int random(int n) {
    RandomGenerator draws = all.draws;
    return draws.nextInt(n);
  }

  @Override
  public int port(int i) {
    return all.number[candidate(i)];
  }

  @Override
  public int next(int i) {
    return all.ports.to[candidate(i)];
  }

  @Override
  public long queueBytes(int i) {
    return all.ports.queueBytes[candidate(i)];
  }

  @Override
  public long sentBytes(int i) {
    return all.ports.bytes[candidate(i)];
  }

  @Override
  public double bitsPerSecond(int i) {
    return all.ports.rate[candidate(i)].bitsPerSecond();
  }

  @Override
  public double pathBitsPerSecond(int i) {
    return routes().bitsPerSecond(candidate(i), all.header.destination());
  }
}
