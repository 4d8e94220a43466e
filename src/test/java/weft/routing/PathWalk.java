package weft.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import weft.fabric.Fabric;
import weft.sim.RandomStreams;

/** Flows' paths by a policy that chooses by flow, walked hop by hop apart from the engine. */
final class PathWalk {
  private final Fabric fabric;
  private final Routes routes;
  private final List<Here> here = new ArrayList<>();
  private final List<PortSelector> selectors = new ArrayList<>();
  private int[] candidates = {};
  private int destination;

  PathWalk(Fabric fabric, LoadBalancing balancing, long seed) {
    this.fabric = fabric;
    this.routes = Routes.of(fabric);
    var seeds = new RandomStreams(seed).named("ecmp");
    for (int node = 0; node < fabric.nodes().size(); node++) {
      here.add(new Here(node, seeds.nextLong()));
      selectors.add(balancing.open(here.get(node)));
    }
  }

  /** The ports that lead from switches of one tier to those of another. */
  int[] ports(int from, int to) {
    return IntStream.range(0, 2 * fabric.links().size())
        .filter(p -> fabric.nodes().get(routes.endOf(p ^ 1)).tier() == from)
        .filter(p -> fabric.nodes().get(routes.endOf(p)).tier() == to)
        .toArray();
  }

  int[] path(int queuePair, int source, int to) {
    destination = to;
    var path = new ArrayList<Integer>();
    for (int node = fabric.node(source); node != fabric.node(to); ) {
      int handle = routes.towards(node, to);
      candidates =
          IntStream.range(0, routes.count(handle)).map(i -> routes.port(handle, i)).toArray();
      var packet = new Packet(queuePair, source, to);
      int choice =
          candidates.length == 1 ? 0 : selectors.get(node).choose(packet, candidates.length);
      path.add(candidates[choice]);
      node = routes.endOf(candidates[choice]);
    }
    return path.stream().mapToInt(Integer::intValue).toArray();
  }

  private record Packet(int queuePair, int source, int destination) implements PacketView {
    @Override
    public int udpSource() {
      return FiveTuple.sourcePort(queuePair);
    }

    @Override
    public int bytes() {
      return 0;
    }

    @Override
    public boolean isData() {
      return true;
    }
  }

  private final class Here extends SwitchStub {
    private final int node;
    private final long seed;

    Here(int node, long seed) {
      super(0);
      this.node = node;
      this.seed = seed;
    }

    @Override
    public int node() {
      return node;
    }

    @Override
    public long hashSeed() {
      return seed;
    }

    @Override
    public int port(int i) {
      int number = 0;
      for (int p = 0; p < candidates[i]; p++) {
        number += routes.endOf(p ^ 1) == node ? 1 : 0;
      }
      return number;
    }

    @Override
    public double pathBitsPerSecond(int i) {
      return routes.bitsPerSecond(candidates[i], destination);
    }
  }
}
