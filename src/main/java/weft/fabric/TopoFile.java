package weft.fabric;

import static weft.units.Units.bytes;
import static weft.units.Units.gbps;
import static weft.units.Units.ns;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import weft.units.Check;
import weft.units.Rate;
import weft.units.Time;

/**
 * Reads htsim's topology file (csg-htsim, {@code sim/datacenter/topologies/*.topo}): the number of
 * hosts, tiers and hosts of a pod, then for each tier, from 0, the rate and latency of its links
 * down, its ports down and up, how many links go between the same two switches (its bundle), and
 * how many bytes the queues of its ports down and up hold.
 */
final class TopoFile {
  private static final Set<String> HEADER = Set.of("nodes", "tiers", "podsize");
  private static final Set<String> OF_TIER =
      Set.of(
          "downlink_speed_gbps",
          "radix_up",
          "radix_down",
          "bundle",
          "queue_up",
          "queue_down",
          "oversubscribed",
          "switch_latency_ns",
          "downlink_latency_ns");

  private final Map<String, Integer> header = new HashMap<>();
  private final List<Map<String, Integer>> tiers = new ArrayList<>();

  private TopoFile() {}

  static Fabric read(String name, String text) {
    Check.notNull("a topology file", text, "read it by Files.readString(path)");
    var file = new TopoFile();
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        try {
          file.readLine(line.split("\\s+"));
        } catch (IllegalArgumentException e) {
          throw new IllegalArgumentException(
              "line %d of the topology file, \"%s\": %s".formatted(i + 1, line, e.getMessage()), e);
        }
      }
    }
    return file.build(name);
  }

  private void readLine(String[] words) {
    String key = words[0].toLowerCase(Locale.ROOT);
    if (words.length != 2 || !words[1].matches("\\d{1,9}")) {
      throw new IllegalArgumentException(
          "a line is a name and a whole number: write for example Nodes 1024");
    }
    int value = Integer.parseInt(words[1]);
    if (key.equals("tier")) {
      if (value != tiers.size()) {
        throw new IllegalArgumentException(
            "tiers follow in order from 0, so tier %d is next: reorder them"
                .formatted(tiers.size()));
      }
      tiers.add(new HashMap<>());
      return;
    }
    boolean inHeader = tiers.isEmpty();
    Set<String> known = inHeader ? HEADER : OF_TIER;
    if (!known.contains(key)) {
      throw new IllegalArgumentException(
          "%s has %s: correct the name"
              .formatted(
                  inHeader ? "the header" : "a tier",
                  String.join(", ", known.stream().sorted().toList())));
    }
    Map<String, Integer> into = inHeader ? header : tiers.get(tiers.size() - 1);
    if (into.putIfAbsent(key, value) != null) {
      throw new IllegalArgumentException("this was said before: leave one of them out");
    }
  }

  private int header(String key) {
    return needed(header, key, "the header");
  }

  private int of(int tier, String key) {
    return needed(tiers.get(tier), key, "tier " + tier);
  }

  private static int needed(Map<String, Integer> of, String key, String where) {
    Integer value = of.get(key);
    if (value == null || value == 0) {
      throw new IllegalArgumentException(
          "the topology file lacks %s of %s: add a line of it, above 0".formatted(key, where));
    }
    return value;
  }

  private int optional(int tier, String key, int otherwise) {
    return tiers.get(tier).getOrDefault(key, otherwise);
  }

  private Fabric build(String name) {
    int hosts = header("nodes");
    int count = header("tiers");
    int podSize = header("podsize");
    if (count < 2 || count > 3 || count != tiers.size()) {
      throw new IllegalArgumentException(
          "a topology file has 2 or 3 tiers and describes each, but says %d and describes %d: correct one"
              .formatted(count, tiers.size()));
    }
    checkTop(count - 1);
    int pods = divided("hosts into pods", hosts, podSize);
    int torsPerPod = divided("a pod's hosts onto ToRs", podSize, of(0, "radix_down"));
    int aggsPerPod =
        divided(
            "a pod's ToR uplinks onto aggregation switches",
            torsPerPod * of(0, "radix_up"),
            of(1, "radix_down"));
    var nodes = new ArrayList<Node>();
    for (int h = 0; h < hosts; h++) {
      nodes.add(Node.gpu("host" + h));
    }
    int tors = add(nodes, "tor", 0, pods * torsPerPod);
    int aggs = add(nodes, "agg", 1, pods * aggsPerPod);
    var links = new ArrayList<Link>();
    for (int h = 0; h < hosts; h++) {
      links.add(link(h, tors + h / of(0, "radix_down"), 0));
    }
    for (int t = 0; t < pods * torsPerPod; t++) {
      int pod = t / torsPerPod;
      int up = of(0, "radix_up");
      int bundle = optional(1, "bundle", 1);
      for (int i = 0; i < up; i++) {
        int agg = i / bundle % aggsPerPod;
        links.add(link(tors + t, aggs + pod * aggsPerPod + agg, 1));
      }
    }
    if (count == 3) {
      addCores(nodes, links, aggs, aggsPerPod, pods);
    }
    return Fabric.of(name, nodes, links).switchLatency(Time.ZERO);
  }

  private void addCores(List<Node> nodes, List<Link> links, int aggs, int aggsPerPod, int pods) {
    int up = of(1, "radix_up");
    int bundle = optional(2, "bundle", 1);
    int cores =
        divided("aggregation uplinks onto cores", pods * aggsPerPod * up, of(2, "radix_down"));
    int first = add(nodes, "core", 2, cores);
    for (int a = 0; a < pods * aggsPerPod; a++) {
      int firstBundle = a % aggsPerPod * (up / bundle);
      for (int i = 0; i < up; i++) {
        links.add(link(aggs + a, first + (firstBundle + i / bundle) % cores, 2));
      }
    }
  }

  private void checkTop(int tier) {
    if (tiers.get(tier).containsKey("queue_up")) {
      throw new IllegalArgumentException(
          "tier %d is the top one, so no queue leads up from it, but queue_up was %d: leave it out"
              .formatted(tier, of(tier, "queue_up")));
    }
  }

  private int add(List<Node> nodes, String name, int tier, int count) {
    int first = nodes.size();
    Time latency = ns(optional(tier, "switch_latency_ns", 0));
    for (int i = 0; i < count; i++) {
      nodes.add(Node.inTier(tier + 1, name + i).withLatency(latency));
    }
    return first;
  }

  private Link link(int a, int b, int tier) {
    Rate rate = gbps(of(tier, "downlink_speed_gbps"));
    var link = new Link(a, b, rate, ns(of(tier, "downlink_latency_ns")));
    int queue = queue(tier);
    return queue == 0 ? link : link.queue(QueueLength.of(bytes(queue)));
  }

  /**
   * What the queues at both ends of a link from a tier down hold, bytes; 0 where the file leaves it
   * to the run. A host has no queue: its NIC makes a packet when the port is free.
   */
  private int queue(int tier) {
    int down = optional(tier, "queue_down", 0);
    int up = tier == 0 ? down : optional(tier - 1, "queue_up", 0);
    if (down != up) {
      throw new IllegalArgumentException(
          "the queues at both ends of a cable are equally long, but queue_up of tier %d is %s and queue_down of tier %d is %s: give both the same"
              .formatted(tier - 1, said(up), tier, said(down)));
    }
    return down;
  }

  private static String said(int bytes) {
    return bytes == 0 ? "not given" : bytes + " B";
  }

  private static int divided(String what, int all, int by) {
    if (all % by != 0) {
      throw new IllegalArgumentException(
          "%s cannot be divided evenly: %d by %d leaves %d: correct one of them"
              .formatted(what, all, by, all % by));
    }
    return all / by;
  }
}
