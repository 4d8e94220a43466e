package weft.fabric;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jgrapht.alg.flow.PushRelabelMFImpl;
import org.jgrapht.graph.DefaultWeightedEdge;
import org.jgrapht.graph.SimpleWeightedGraph;

/**
 * Bisection bandwidth: the least that can flow, each way, between two halves of the servers. By
 * minimum cut over all ways to deal the leaves' servers to halves where these are few; that is the
 * true minimum as long as servers on the same switches go to one half. By formula elsewhere.
 */
final class Bisection {
  private static final int MOST_SWITCHES = 128;
  private static final int MOST_CLASSES = 10;
  private static final int SOURCE = -1;
  private static final int SINK = -2;

  private final Fabric fabric;

  Bisection(Fabric fabric) {
    this.fabric = fabric;
  }

  /** By minimum cut, Gb/s each way; empty where that would take long. */
  Optional<Double> byCut() {
    if (fabric.count(Node.Role.SWITCH) > MOST_SWITCHES || fabric.count(Node.Role.SWITCH) == 0) {
      return Optional.empty();
    }
    List<List<List<Integer>>> classes = classes();
    int units = classes.stream().mapToInt(List::size).sum();
    if (units < 2 || classes.size() > MOST_CLASSES) {
      return Optional.empty();
    }
    double least = Double.POSITIVE_INFINITY;
    for (int chosen = 1; chosen < 1 << classes.size(); chosen += 2) {
      least = Math.min(least, halves(classes, chosen, units));
    }
    if (Double.isInfinite(least)) { // no choice of whole classes is half of the servers
      List<List<Integer>> all = classes.stream().flatMap(List::stream).toList();
      least = flow(all.subList(0, units / 2), all.subList(units / 2, units));
    }
    return Optional.of(least);
  }

  private double halves(List<List<List<Integer>>> classes, int chosen, int units) {
    var left = new ArrayList<List<Integer>>();
    var right = new ArrayList<List<Integer>>();
    for (int c = 0; c < classes.size(); c++) {
      ((chosen >> c & 1) == 1 ? left : right).addAll(classes.get(c));
    }
    boolean half = Math.abs(left.size() - right.size()) <= units % 2;
    return half ? flow(left, right) : Double.POSITIVE_INFINITY;
  }

  /** Servers, each the nodes of its GPUs or NICs, by the switches they are cabled to. */
  private List<List<List<Integer>>> classes() {
    Map<Integer, List<Integer>> servers = new TreeMap<>();
    for (int gpu = 0; gpu < fabric.gpus(); gpu++) {
      int node = fabric.node(gpu);
      int server = fabric.nodes().get(node).server();
      servers.computeIfAbsent(server < 0 ? -2 - gpu : server, s -> new ArrayList<>()).add(node);
    }
    for (int n = 0; n < fabric.nodes().size(); n++) {
      Node node = fabric.nodes().get(n);
      if (node.role() == Node.Role.NIC && servers.containsKey(node.server())) {
        servers.get(node.server()).add(n);
      }
    }
    Map<List<Integer>, List<List<Integer>>> classes = new LinkedHashMap<>();
    var graph = SwitchGraph.ofCables(fabric);
    for (List<Integer> server : servers.values()) {
      var switches = new ArrayList<Integer>();
      for (int node : server) {
        for (int i = graph.first(node); i < graph.first(node + 1); i++) {
          switches.add(graph.end(i));
        }
      }
      Collections.sort(switches);
      classes.computeIfAbsent(switches, s -> new ArrayList<>()).add(server);
    }
    return List.copyOf(classes.values());
  }

  private double flow(List<List<Integer>> left, List<List<Integer>> right) {
    Map<Integer, Integer> side = new LinkedHashMap<>();
    left.forEach(server -> server.forEach(node -> side.put(node, SOURCE)));
    right.forEach(server -> server.forEach(node -> side.put(node, SINK)));
    var graph = new SimpleWeightedGraph<Integer, DefaultWeightedEdge>(DefaultWeightedEdge.class);
    graph.addVertex(SOURCE);
    graph.addVertex(SINK);
    for (Link link : fabric.links()) {
      if (!fabric.isScaleUp(link)) {
        int a = side.getOrDefault(link.a(), link.a());
        int b = side.getOrDefault(link.b(), link.b());
        if (a != b) {
          add(graph, a, b, link.rate().gbps());
        }
      }
    }
    return new PushRelabelMFImpl<>(graph).getMaximumFlowValue(SOURCE, SINK);
  }

  private static void add(
      SimpleWeightedGraph<Integer, DefaultWeightedEdge> graph, int a, int b, double gbps) {
    graph.addVertex(a);
    graph.addVertex(b);
    DefaultWeightedEdge edge = graph.getEdge(a, b);
    if (edge == null) {
      graph.setEdgeWeight(graph.addEdge(a, b), gbps);
    } else {
      graph.setEdgeWeight(edge, graph.getEdgeWeight(edge) + gbps);
    }
  }

  /** By formula, Gb/s each way. */
  double byFormula(double gpuGbps, double leastTierGbps) {
    double hosts = gpuGbps / 2;
    if (fabric.arrangement() instanceof Arrangement.Groups groups) {
      int half = groups.groups() / 2;
      double between = (double) half * (groups.groups() - half); // pairs of groups cut
      double pairs = groups.groups() * (groups.groups() - 1) / 2.0;
      return Math.min(hosts, gbpsBetweenGroups(groups) * between / pairs);
    }
    if (fabric.arrangement() instanceof Arrangement.Grid grid) {
      int largest = Collections.max(grid.sizes());
      int around = grid.wraps() && largest > 2 ? 2 : 1;
      double links = (double) around * grid.switches() / largest;
      return Math.min(hosts, links * gbpsOfLinks(grid));
    }
    return Math.min(hosts, leastTierGbps / 2);
  }

  /** What the formula is. */
  String formula() {
    if (fabric.arrangement() instanceof Arrangement.Groups) {
      return "global links between halves of the groups";
    }
    return fabric.arrangement() instanceof Arrangement.Grid
        ? "2 N / d_max links"
        : "half of the narrowest tier";
  }

  private double gbpsBetweenGroups(Arrangement.Groups groups) {
    return fabric.links().stream()
        .filter(l -> groups.groupOf(l.a()) >= 0 && groups.groupOf(l.b()) >= 0)
        .filter(l -> groups.groupOf(l.a()) != groups.groupOf(l.b()))
        .mapToDouble(l -> l.rate().gbps())
        .sum();
  }

  private double gbpsOfLinks(Arrangement.Grid grid) {
    return fabric.links().stream()
        .filter(l -> l.a() >= grid.firstSwitch() && l.b() >= grid.firstSwitch())
        .mapToDouble(l -> l.rate().gbps())
        .max()
        .orElse(0);
  }
}
