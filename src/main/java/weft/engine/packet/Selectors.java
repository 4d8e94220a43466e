package weft.engine.packet;

import weft.fabric.Fabric;
import weft.routing.Ecmp;
import weft.routing.LoadBalancing;
import weft.routing.PacketView;
import weft.routing.PortSelector;
import weft.routing.Routes;
import weft.sim.RandomStreams;

/** Every node's choice among the ports that lead on equally well. */
final class Selectors {
  final Routes routes;
  final boolean detours; // packets may take ways that are not the shortest
  final Ports ports;
  final Draws draws; // by node
  private final Crossing[] crossings; // by node
  private final PortSelector[] selectors;
  private final PortSelector[] hashes;

  Selectors(
      Fabric fabric, LoadBalancing balancing, RandomStreams streams, Ports ports, Clock clock) {
    this.routes = Routes.of(fabric);
    this.detours = balancing.detours();
    this.ports = ports;
    int nodes = ports.nodes();
    this.draws = new Draws(streams.named("spray"), nodes);
    var seeds = streams.named("ecmp");
    crossings = new Crossing[nodes];
    selectors = new PortSelector[nodes];
    hashes = new PortSelector[nodes];
    for (int n = 0; n < nodes; n++) {
      crossings[n] = new Crossing(n, seeds.nextLong(), this, clock);
      selectors[n] = balancing.open(crossings[n]);
      hashes[n] = Ecmp.fiveTuple().open(crossings[n]);
    }
  }

  /** Tells a node's selector the time by this clock. */
  void use(Clock clock, int node) {
    crossings[node].clock = clock;
  }

  /** The port by which a packet leaves a node, by the policy. */
  int choose(int node, PacketView packet) {
    int set = towards(node, packet.source(), packet.destination());
    return choose(node, packet, selectors[node], set);
  }

  /** The port by which a packet leaves a node, by its 5-tuple. */
  int hash(int node, PacketView packet) {
    return choose(node, packet, hashes[node], routes.towards(node, packet.destination()));
  }

  /** The candidates of a packet at a node. */
  int towards(int node, int source, int destination) {
    return detours ? routes.towards(node, source, destination) : routes.towards(node, destination);
  }

  private int choose(int node, PacketView packet, PortSelector selector, int set) {
    int n = routes.count(set);
    int choice = n == 1 ? 0 : crossings[node].choose(selector, packet, set, n);
    return ports.at[routes.port(set, choice)];
  }
}
