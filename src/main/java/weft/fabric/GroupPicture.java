package weft.fabric;

import static weft.fabric.FabricCanvas.WIDTH;

import java.util.HashMap;
import java.util.Map;
import org.apache.commons.math3.util.FastMath;
import weft.report.Picture;

/**
 * Draws a dragonfly: its groups around a circle, a circle of switches each, with the links between
 * them.
 */
final class GroupPicture {
  private static final int MOST_GROUPS = 17;
  private static final int MOST_SWITCHES = 16;
  private static final double MIDDLE = 298;
  private static final double RADIUS = 205;
  private static final double BEND = 0.35; // of the way to the middle

  private final Fabric fabric;
  private final Arrangement.Groups groups;
  private final FabricCanvas canvas;
  private final Map<Integer, double[]> place = new HashMap<>();

  GroupPicture(Fabric fabric, Arrangement.Groups groups, FabricCanvas canvas) {
    this.fabric = fabric;
    this.groups = groups;
    this.canvas = canvas;
  }

  Picture draw() {
    int drawn = Math.min(groups.groups(), MOST_GROUPS);
    canvas.leaveOut(groups.groups() - drawn, "groups");
    double size = Math.min(58, 0.8 * Math.PI * RADIUS / drawn);
    int[] gpus = gpusOfGroups();
    for (int g = 0; g < drawn; g++) {
      double angle = 2 * Math.PI * g / drawn - Math.PI / 2;
      double x = WIDTH / 2.0 + RADIUS * FastMath.cos(angle);
      double y = MIDDLE + RADIUS * FastMath.sin(angle);
      placeGroup(g, x, y, size);
      double out = RADIUS + size + 20;
      canvas.text(
          WIDTH / 2.0 + 1.1 * out * FastMath.cos(angle),
          MIDDLE + out * FastMath.sin(angle) + 4,
          11,
          (drawn <= 9 ? "group %d: %d GPUs" : "%d: %d GPUs").formatted(g, gpus[g]));
    }
    for (int l = 0; l < fabric.links().size(); l++) {
      drawLink(l);
    }
    canvas.explain("a square is a switch, a circle a group; GPUs and their cables are not drawn");
    return canvas.picture(612);
  }

  private int[] gpusOfGroups() {
    int[] gpus = new int[groups.groups()];
    for (Link link : fabric.links()) {
      int a = groups.groupOf(link.a());
      int b = groups.groupOf(link.b());
      if ((a < 0) != (b < 0)) {
        gpus[Math.max(a, b)]++;
      }
    }
    return gpus;
  }

  private void placeGroup(int group, double x, double y, double size) {
    int all = groups.switchesPerGroup();
    canvas.circle(x, y, size, 0.8);
    for (int i = 0; i < Math.min(all, MOST_SWITCHES); i++) {
      double angle = 2 * Math.PI * i / Math.min(all, MOST_SWITCHES) - Math.PI / 2;
      double[] at = {x + 0.68 * size * FastMath.cos(angle), y + 0.68 * size * FastMath.sin(angle)};
      int node = groups.firstSwitch() + group * all + i;
      place.put(node, at);
      double side = Math.min(9, 2.2 * size / Math.min(all, MOST_SWITCHES));
      canvas.rectangle(at[0] - side / 2, at[1] - side / 2, side, side, 2, 1.4);
    }
    if (group == 0) {
      canvas.leaveOut(all - Math.min(all, MOST_SWITCHES), "switches of each group");
    }
  }

  /** Inside groups straight, between them bent towards the middle. */
  private void drawLink(int index) {
    Link link = fabric.links().get(index);
    double[] a = place.get(link.a());
    double[] b = place.get(link.b());
    if (a == null || b == null) {
      return;
    }
    if (groups.groupOf(link.a()) == groups.groupOf(link.b())) {
      canvas.cable(index, a[0], a[1], b[0], b[1]);
    } else {
      double[] bend = {
        BEND * WIDTH / 2 + (1 - BEND) / 2 * (a[0] + b[0]),
        BEND * MIDDLE + (1 - BEND) / 2 * (a[1] + b[1])
      };
      canvas.cable(index, a[0], a[1], b[0], b[1], bend);
    }
  }
}
