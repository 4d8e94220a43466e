package weft.fabric;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How the kinds of nodes are called: by the names of a tier's switches, {@code leaf0} a leaf. */
final class Tiers {
  private Tiers() {}

  /** What a node is, one word: {@code GPU}, {@code NVSwitch}, {@code leaf}, {@code core}. */
  static String kind(Node node) {
    return switch (node.role()) {
      case GPU -> "GPU";
      case NVSWITCH -> "NVSwitch";
      case NIC -> "NIC";
      case STORAGE -> "storage node";
      case ADDER -> "adder";
      case SWITCH -> switchKind(node);
    };
  }

  private static String switchKind(Node node) {
    String word = node.name().replaceAll("[^A-Za-z].*", "").toLowerCase(Locale.ROOT);
    return switch (word) {
      case "edge", "router", "core", "spine", "leaf", "switch" -> word;
      case "agg" -> "aggregation";
      default ->
          switch (node.tier()) {
            case 1 -> "leaf";
            case 2 -> "spine";
            case 3 -> "core";
            default -> "switch";
          };
    };
  }

  /** What the switches of a tier are called, after its first. */
  static String kind(Fabric fabric, int tier) {
    return fabric.nodes().stream()
        .filter(n -> n.isSwitch(tier))
        .findFirst()
        .map(Tiers::kind)
        .orElseGet(() -> kind(Node.inTier(tier, "")));
  }

  static String plural(String kind) {
    return switch (kind) {
      case "leaf" -> "leaves";
      case "switch", "NVSwitch" -> kind + "es";
      case "aggregation" -> "aggregation switches";
      default -> kind + "s";
    };
  }

  /** For example {@code 8 leaves, 1 spine}. */
  static String counts(Fabric fabric) {
    List<String> counts = new ArrayList<>();
    for (int tier = 1; tier <= Node.TOP_TIER; tier++) {
      int count = fabric.switches(tier);
      if (count > 0) {
        String kind = kind(fabric, tier);
        counts.add(count + " " + (count == 1 ? kind : plural(kind)));
      }
    }
    return counts.isEmpty() ? "no switch" : String.join(", ", counts);
  }
}
