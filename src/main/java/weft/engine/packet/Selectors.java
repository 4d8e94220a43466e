package weft.engine.packet;

import org.apache.commons.math3.random.RandomGenerator;
import weft.fabric.Fabric;
import weft.routing.Ecmp;
import weft.routing.LoadBalancing;
import weft.routing.PortSelector;
import weft.routing.Routes;
import weft.sim.RandomStreams;

/** Every node's choice among the ports that lead on equally well. */
final class Selectors {
  final Routes routes;
  final Ports ports;
  final Events events;
  final RandomGenerator draws;
  final int[] number; // by port, among those of its node
  final Header header = new Header();
  private final Crossing[] crossings; // by node
  private final PortSelector[] selectors;
  private final PortSelector[] hashes;

  Selectors(
      Fabric fabric, LoadBalancing balancing, RandomStreams streams, Ports ports, Events events) {
    this.routes = Routes.of(fabric);
    this.ports = ports;
    this.events = events;
    this.draws = streams.named("spray");
    this.number = new int[ports.count];
    int nodes = fabric.nodes().size();
    int[] degree = new int[nodes];
    for (int port = 0; port < ports.count; port++) {
      number[port] = degree[ports.from[port]]++;
    }
    var seeds = streams.named("ecmp");
    crossings = new Crossing[nodes];
    selectors = new PortSelector[nodes];
    hashes = new PortSelector[nodes];
    for (int n = 0; n < nodes; n++) {
      crossings[n] = new Crossing(n, degree[n], seeds.nextLong(), this);
      selectors[n] = balancing.open(crossings[n]);
      hashes[n] = Ecmp.fiveTuple().open(crossings[n]);
    }
  }

  /** The port by which {@link #header} leaves a node, by the policy. */
  int choose(int node) {
    return choose(node, selectors[node]);
  }

  /** The port by which {@link #header} leaves a node, by its 5-tuple. */
  int hash(int node) {
    return choose(node, hashes[node]);
  }

  private int choose(int node, PortSelector selector) {
    int set = routes.towards(node, header.destination());
    int n = routes.count(set);
    return routes.port(set, n == 1 ? 0 : crossings[node].choose(selector, header, set, n));
  }
}
