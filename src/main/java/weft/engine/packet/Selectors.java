package weft.engine.packet;

import java.util.BitSet;
import weft.fabric.Fabric;
import weft.routing.Ecmp;
import weft.routing.LoadBalancing;
import weft.routing.PacketView;
import weft.routing.PortSelector;
import weft.routing.Routes;
import weft.sim.RandomStreams;
import weft.units.Check;

/** Every node's choice among the ports that lead on equally well. */
final class Selectors {
  private final Fabric fabric;
  private final Routes healthy; // with all links
  private Routes routes; // as the network has last worked them out
  final boolean detours; // packets may take ways that are not the shortest
  final Ports ports;
  final Draws draws; // by node
  private final int[] noticed; // by node: how many of its ports it knows to be down
  private final Crossing[] crossings; // by node
  private final PortSelector[] selectors;
  private final PortSelector[] hashes;

  Selectors(
      Fabric fabric, LoadBalancing balancing, RandomStreams streams, Ports ports, Clock clock) {
    this.fabric = fabric;
    this.healthy = Routes.of(fabric);
    this.routes = healthy;
    this.detours = balancing.detours();
    this.ports = ports;
    int nodes = ports.nodes();
    this.draws = new Draws(streams.named("spray"), nodes);
    var seeds = streams.named("ecmp");
    noticed = new int[nodes];
    crossings = new Crossing[nodes];
    selectors = new PortSelector[nodes];
    hashes = new PortSelector[nodes];
    for (int n = 0; n < nodes; n++) {
      crossings[n] = new Crossing(n, seeds.nextLong(), this, clock);
      selectors[n] =
          Check.notNull(
              "what a load balancing's open() answers",
              balancing.open(crossings[n]),
              "return a PortSelector, such as (packet, n) -> here.random(n)");
      hashes[n] = Ecmp.fiveTuple().open(crossings[n]);
    }
  }

  /** Tells a node's selector the time by this clock. */
  void use(Clock clock, int node) {
    crossings[node].clock = clock;
  }

  Routes healthy() {
    return healthy;
  }

  Routes routes() {
    return routes;
  }

  /** Says how many ports of a node are known to it to be down. */
  void noticed(int node, int ports) {
    noticed[node] = ports;
  }

  boolean hasNoticed(int node) {
    return noticed[node] > 0;
  }

  /** Works out all routes anew, around links of these indices. */
  void reroute(BitSet avoided) {
    routes = avoided.isEmpty() ? healthy : Routes.around(fabric, avoided);
  }

  /** Whether a node is on any way to a GPU, all links being up. */
  boolean leads(int node, int gpu) {
    return healthy.count(healthy.towards(node, gpu)) > 0;
  }

  /** The port by which a packet leaves a node, by the policy. */
  int choose(int node, PacketView packet) {
    int set = towards(routes, node, packet.source(), packet.destination());
    if (routes.count(set) == 0) { // cut off: packets go where they always went, and are lost there
      set = towards(healthy, node, packet.source(), packet.destination());
      return choose(node, packet, selectors[node], healthy, set);
    }
    return choose(node, packet, selectors[node], routes, set);
  }

  /** The port by which a packet leaves a node, by its 5-tuple. */
  int hash(int node, PacketView packet) {
    int set = routes.towards(node, packet.destination());
    Routes by = routes.count(set) == 0 ? healthy : routes;
    return choose(node, packet, hashes[node], by, by.towards(node, packet.destination()));
  }

  /** The candidates of a packet at a node. */
  int towards(Routes by, int node, int source, int destination) {
    return detours ? by.towards(node, source, destination) : by.towards(node, destination);
  }

  private int choose(int node, PacketView packet, PortSelector selector, Routes by, int set) {
    int n = by.count(set);
    return n == 1
        ? ports.at[by.port(set, 0)]
        : crossings[node].choose(selector, packet, by, set, n);
  }
}
