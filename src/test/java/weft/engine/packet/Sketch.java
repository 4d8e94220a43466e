package weft.engine.packet;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import weft.fabric.Fabric;

/**
 * {@link Fabric#drawn} in few letters: in {@code ab --100G 1000ns-- s} letters from a to m are
 * GPUs, each with a cable of its own, and other names are switches.
 */
final class Sketch {
  private static final Pattern GPUS = Pattern.compile("[a-m]+");

  private Sketch() {}

  static Fabric of(String drawing) {
    var drawn = new StringBuilder();
    Set<String> declared = new LinkedHashSet<>();
    for (String line : drawing.strip().lines().toList()) {
      String[] words = line.strip().split("\\s+", -1); // a, --100G, 1000ns--, s
      String start = ends(words[0], declared);
      String end = ends(words[3], declared);
      drawn.append("%s %s %s %s%n".formatted(start, words[1], words[2], end));
    }
    return Fabric.drawn(drawn + String.join("\n", declared));
  }

  private static String ends(String name, Set<String> declared) {
    boolean gpus = GPUS.matcher(name).matches();
    String ends =
        gpus ? name.chars().mapToObj(Character::toString).collect(Collectors.joining(", ")) : name;
    declared.add((gpus ? "gpu " : "switch ") + ends);
    return ends;
  }
}
