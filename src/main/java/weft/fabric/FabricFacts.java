package weft.fabric;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is needed to build a fabric again: every kind of cable, buffer, latency. */
final class FabricFacts {
  private FabricFacts() {}

  static Map<String, String> of(Fabric fabric) {
    List<Node> nodes = fabric.nodes();
    var kinds = new TreeMap<String, Integer>();
    for (Link link : fabric.links()) {
      String ends =
          Stream.of(nodes.get(link.a()), nodes.get(link.b()))
              .map(Tiers::kind)
              .sorted()
              .collect(Collectors.joining("-"));
      String limits = link.limits().equals(PortLimits.NONE) ? "" : ", " + link.limits();
      kinds.merge(
          "%s at %s, %s%s".formatted(ends, link.rate(), link.delay(), limits), 1, Integer::sum);
    }
    var facts = new LinkedHashMap<String, String>();
    facts.put("fabric", fabric.toString());
    facts.put(
        "cables",
        kinds.entrySet().stream()
            .map(kind -> kind.getValue() + " " + kind.getKey())
            .collect(Collectors.joining("; ")));
    facts.putAll(fabric.hardware().facts());
    String own =
        nodes.stream()
            .filter(n -> n.buffer().isPresent() || n.latency().isPresent())
            .collect(
                Collectors.groupingBy(
                    FabricFacts::ownHardware, TreeMap::new, Collectors.counting()))
            .entrySet()
            .stream()
            .map(kind -> kind.getValue() + " with " + kind.getKey())
            .collect(Collectors.joining("; "));
    if (!own.isEmpty()) {
      facts.put("switches of their own kind", own);
    }
    return facts;
  }

  private static String ownHardware(Node node) {
    return Stream.of(
            node.buffer().map(size -> size + " of buffer"),
            node.latency().map(time -> time + " of latency"))
        .flatMap(Optional::stream)
        .collect(Collectors.joining(" and "));
  }
}
