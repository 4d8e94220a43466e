package weft.engine.packet;

import static weft.units.Units.gbps;
import static weft.units.Units.ns;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import weft.fabric.Fabric;
import weft.fabric.Link;
import weft.fabric.Node;
import weft.units.Rate;
import weft.units.Time;

/**
 * A fabric drawn as text, a cable a line: {@code a --100G 1000ns-- s}. Names of one letter from a
 * to m are GPUs, other names switches; {@code ab --100G 0ns-- s} cables a and b alike.
 */
final class Sketch {
  private final Map<String, Integer> numbers = new LinkedHashMap<>();
  private final List<Node> nodes = new ArrayList<>();
  private final List<Link> links = new ArrayList<>();

  static Fabric of(String drawing) {
    var sketch = new Sketch();
    drawing.lines().filter(l -> !l.isBlank()).forEach(sketch::cable);
    return Fabric.of("sketch", sketch.nodes, sketch.links);
  }

  private static final Pattern CABLE =
      Pattern.compile("\\s*(\\w+)\\s*--(\\S+)G\\s+(\\S+)ns--\\s*(\\w+)\\s*");

  private void cable(String line) {
    var cable = CABLE.matcher(line);
    if (!cable.matches()) {
      throw new IllegalArgumentException("not a cable: " + line);
    }
    Rate rate = gbps(Double.parseDouble(cable.group(2)));
    Time delay = ns(Double.parseDouble(cable.group(3)));
    String start = cable.group(1);
    if (start.matches("[a-m]+")) {
      start.chars().forEach(c -> link(Character.toString(c), cable.group(4), rate, delay));
    } else {
      link(start, cable.group(4), rate, delay);
    }
  }

  private void link(String a, String b, Rate rate, Time delay) {
    links.add(new Link(number(a), number(b), rate, delay));
  }

  private int number(String name) {
    return numbers.computeIfAbsent(
        name,
        n -> {
          nodes.add(n.matches("[a-m]") ? Node.gpu(n) : Node.leaf(n));
          return nodes.size() - 1;
        });
  }
}
