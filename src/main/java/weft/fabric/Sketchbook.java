package weft.fabric;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import weft.units.Check;
import weft.units.DataSize;
import weft.units.Time;

/**
 * Nodes and cables as a drawing or file names them, of which roles and tiers may be left to guess.
 *
 * <p>What is not declared is guessed: a name that begins with gpu or host is a GPU, with leaf, tor,
 * edge, spine, agg, core, router, switch or sw a switch; of other names those with one cable are
 * GPUs. A switch is in the tier its name says, or in tier 1 if GPUs are cabled to it, or above the
 * lowest of its neighbours.
 */
final class Sketchbook {
  private static final String GPU = "(?i)(gpu|host).*";
  private static final String SWITCH = "(?i)(leaf|tor|edge|spine|agg|core|router|switch|sw).*";

  private final Map<String, Integer> numbers = new LinkedHashMap<>();
  private final Map<String, Node.Role> roles = new HashMap<>();
  private final Map<String, Integer> tiers = new HashMap<>();
  private final Map<String, Integer> servers = new HashMap<>();
  private final List<Link> links = new ArrayList<>();
  private int serverCount;
  final Map<String, DataSize> buffers = new HashMap<>();
  final Map<String, Time> latencies = new HashMap<>();
  SwitchHardware hardware = SwitchHardware.DEFAULT;

  int number(String name) {
    return numbers.computeIfAbsent(name, n -> numbers.size());
  }

  void role(String name, Node.Role role) {
    Node.Role before = roles.putIfAbsent(name, role);
    if (before != null && before != role) {
      throw new IllegalArgumentException(
          "%s was a %s before: give each node one role".formatted(name, before));
    }
    int unused = number(name);
  }

  void gpu(String name) {
    role(name, Node.Role.GPU);
  }

  void declareSwitch(String name) {
    role(name, Node.Role.SWITCH);
  }

  void tier(String name, int tier) {
    tiers.put(name, tier);
  }

  /** The server that a GPU, NVSwitch or NIC is in. */
  void server(String name, int server) {
    servers.put(name, server);
    serverCount = Math.max(serverCount, server + 1);
  }

  /** GPUs on an NVSwitch of their own. */
  void server(List<String> gpus, DrawnCable nvlink) {
    int server = serverCount;
    String nvswitch = "nvswitch" + server;
    role(nvswitch, Node.Role.NVSWITCH);
    server(nvswitch, server);
    for (String name : gpus) {
      gpu(name);
      if (servers.containsKey(name)) {
        throw new IllegalArgumentException(
            "%s is in another server already: give each GPU one".formatted(name));
      }
      server(name, server);
      cable(name, nvswitch, nvlink);
    }
  }

  void cable(String a, String b, DrawnCable cable) {
    link(new Link(number(a), number(b), cable.rate(), cable.delay(), cable.limits()));
  }

  void link(Link link) {
    if (link.a() == link.b()) {
      throw new IllegalArgumentException(
          "a cable joins two nodes, but both ends are called alike: change one of them; commas list nodes at one end, and each cable or chain of them has a line of its own");
    }
    links.add(link);
  }

  Fabric fabric(String name) {
    List<String> names = List.copyOf(numbers.keySet());
    Node.Role[] role = new Node.Role[names.size()];
    int[] cables = new int[names.size()];
    for (Link link : links) {
      cables[link.a()]++;
      cables[link.b()]++;
    }
    for (int n = 0; n < role.length; n++) {
      String called = names.get(n);
      boolean gpu = called.matches(GPU) || (!called.matches(SWITCH) && cables[n] <= 1);
      role[n] = roles.getOrDefault(called, gpu ? Node.Role.GPU : Node.Role.SWITCH);
    }
    int[] tier = tiersOf(names, role);
    var nodes = new ArrayList<Node>();
    for (int n = 0; n < role.length; n++) {
      nodes.add(node(names.get(n), role[n], tier[n]));
    }
    return Fabric.of(Check.notNull("a fabric's name", name, "write \"sketch\""), nodes, links)
        .with(hardware);
  }

  private Node node(String name, Node.Role role, int tier) {
    int server = servers.getOrDefault(name, Node.NO_SERVER);
    Node node =
        switch (role) {
          case GPU -> Node.gpu(name, server);
          case NVSWITCH -> Node.nvswitch(name, server);
          case NIC -> Node.nic(name, server);
          case SWITCH -> Node.inTier(tier, name);
          case STORAGE -> Node.storage(name);
          case ADDER -> Node.adder(name, server);
        };
    node = buffers.containsKey(name) ? node.withBuffer(buffers.get(name)) : node;
    return latencies.containsKey(name) ? node.withLatency(latencies.get(name)) : node;
  }

  private int[] tiersOf(List<String> names, Node.Role[] role) {
    int[] tier = new int[role.length];
    for (int n = 0; n < role.length; n++) {
      tier[n] =
          role[n] == Node.Role.SWITCH ? tiers.getOrDefault(names.get(n), said(names.get(n))) : 0;
    }
    for (int above = 1; above <= Node.TOP_TIER; above++) {
      int[] before = tier.clone();
      for (Link link : links) {
        raise(tier, before, role, link.a(), link.b(), above);
        raise(tier, before, role, link.b(), link.a(), above);
      }
    }
    for (int n = 0; n < role.length; n++) {
      tier[n] = role[n] == Node.Role.SWITCH && tier[n] == 0 ? Node.TOP_TIER : tier[n];
    }
    return tier;
  }

  /** A switch of unknown tier next to one below it, or to a GPU. */
  private static void raise(
      int[] tier, int[] before, Node.Role[] role, int node, int next, int above) {
    boolean below =
        above == 1
            ? role[next] != Node.Role.SWITCH
            : role[next] == Node.Role.SWITCH && before[next] == above - 1;
    if (role[node] == Node.Role.SWITCH && tier[node] == 0 && below) {
      tier[node] = above;
    }
  }

  /** The tier that a name says, or 0. */
  private static int said(String name) {
    if (name.matches("(?i)(leaf|tor|edge).*")) {
      return 1;
    }
    if (name.matches("(?i)(spine|agg).*")) {
      return 2;
    }
    return name.matches("(?i)core.*") ? 3 : 0;
  }
}
