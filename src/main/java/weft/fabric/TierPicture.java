package weft.fabric;

import static weft.fabric.FabricCanvas.MARGIN;
import static weft.fabric.FabricCanvas.WIDTH;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import weft.report.Picture;

/** Draws tiers: cores above spines above leaves above GPUs, boxed by server. */
final class TierPicture {
  private static final int TOP_Y = 34;
  private static final int TIER_HEIGHT = 100;
  private static final int SWITCH_HEIGHT = 24;
  private static final int MOST_SWITCHES = 16;
  private static final int MOST_GPUS = 128;
  private static final int TEXT = 12;
  private static final int SMALL_TEXT = 9;
  private static final double LETTER = 0.62; // width of most letters over the size of the text

  private final Fabric fabric;
  private final FabricCanvas canvas;
  private final SwitchGraph graph;
  private final int tiers;
  private final int gpuY;
  private final Map<Integer, double[]> place = new HashMap<>();

  TierPicture(Fabric fabric, FabricCanvas canvas) {
    this.fabric = fabric;
    this.canvas = canvas;
    graph = SwitchGraph.ofCables(fabric);
    tiers = Math.max(1, fabric.nodes().stream().mapToInt(Node::tier).max().orElse(0));
    gpuY = TOP_Y + 2 + tiers * TIER_HEIGHT;
  }

  Picture draw() {
    placeGpus();
    for (int tier = 1; tier <= tiers; tier++) {
      placeSwitches(tier, nextToDrawn(tier));
    }
    for (int l = 0; l < fabric.links().size(); l++) {
      drawCable(l);
    }
    return canvas.picture(gpuY + 54);
  }

  /** Switches of a tier, those first that are cabled to what is drawn already. */
  private List<Integer> nextToDrawn(int tier) {
    var next = new ArrayList<Integer>();
    var others = new ArrayList<Integer>();
    for (int n = 0; n < fabric.nodes().size(); n++) {
      if (fabric.nodes().get(n).isSwitch(tier)) {
        (joinsDrawn(n) ? next : others).add(n);
      }
    }
    if (tier > 1) {
      next.addAll(others);
    }
    return next;
  }

  private boolean joinsDrawn(int node) {
    for (int i = graph.first(node); i < graph.first(node + 1); i++) {
      if (place.containsKey(graph.end(i))) {
        return true;
      }
    }
    return false;
  }

  private void placeSwitches(int tier, List<Integer> wanted) {
    int all = fabric.switches(tier);
    int drawn = Math.min(wanted.size(), MOST_SWITCHES);
    canvas.leaveOut(all - drawn, Tiers.plural(Tiers.kind(fabric, tier)));
    int y = TOP_Y + (tiers - tier) * TIER_HEIGHT;
    double cell = (WIDTH - 2.0 * MARGIN) / Math.max(1, drawn);
    double width = Math.min(84, cell - 6);
    for (int i = 0; i < drawn; i++) {
      double x = MARGIN + (i + 0.5) * cell;
      place.put(wanted.get(i), new double[] {x, y});
      canvas.rectangle(x - width / 2, y - SWITCH_HEIGHT / 2.0, width, SWITCH_HEIGHT, 4, 1.4);
    }
    nameSwitches(wanted.subList(0, drawn), cell, y, width);
  }

  /** All of a tier alike: in full, else their numbers, {@code 0-3}, else {@code 3}. */
  private void nameSwitches(List<Integer> switches, double cell, double y, double width) {
    UnaryOperator<String> shortened = name -> name;
    if (!fit(switches, shortened, SMALL_TEXT, width)) {
      shortened = name -> name.replaceAll("[A-Za-z]", "");
    }
    if (!fit(switches, shortened, SMALL_TEXT, width)) {
      shortened = name -> name.replaceAll("[A-Za-z]|.*-", "");
    }
    int size = TEXT;
    while (size > SMALL_TEXT && !fit(switches, shortened, size, width)) {
      size--;
    }
    for (int i = 0; i < switches.size(); i++) {
      String name = shortened.apply(fabric.nodes().get(switches.get(i)).name());
      canvas.text(MARGIN + (i + 0.5) * cell, y + 4, size, name);
    }
  }

  private boolean fit(
      List<Integer> switches, UnaryOperator<String> shortened, int size, double width) {
    return switches.stream()
        .map(n -> shortened.apply(fabric.nodes().get(n).name()))
        .allMatch(name -> name.length() * size * LETTER <= width);
  }

  private void placeGpus() {
    List<Integer> all = IntStream.range(0, fabric.endpoints()).mapToObj(fabric::node).toList();
    int drawn = drawnGpus(all);
    canvas.leaveOut(all.size() - drawn, "GPUs");
    double cell = (WIDTH - 2.0 * MARGIN) / Math.max(8, drawn);
    double left = MARGIN + (WIDTH - 2.0 * MARGIN - cell * drawn) / 2;
    int serverStart = 0;
    for (int i = 0; i < drawn; i++) {
      double x = left + (i + 0.5) * cell;
      place.put(all.get(i), new double[] {x, gpuY});
      canvas.gpu(x, gpuY, Math.min(18, cell * 0.55));
      int server = fabric.nodes().get(all.get(i)).server();
      boolean last =
          i == drawn - 1
              || server == Node.NO_SERVER
              || fabric.nodes().get(all.get(i + 1)).server() != server;
      if (last && server != Node.NO_SERVER && i > serverStart) {
        boxServer(left + serverStart * cell, (i + 1 - serverStart) * cell, server);
      } else if (last && drawn <= 32) {
        canvas.text(x, gpuY + 30, 10, fabric.nodes().get(all.get(i)).name());
      }
      if (last) {
        serverStart = i + 1;
      }
    }
    placeNics();
  }

  /** Of the first servers so many as have leaves that are drawn; of the first in any case. */
  private int drawnGpus(List<Integer> all) {
    var leaves = new HashSet<Integer>();
    int whole = 0;
    int most = Math.min(all.size(), MOST_GPUS);
    for (int i = 0; i < most; i++) {
      addLeaves(all.get(i), leaves);
      if (leaves.size() > MOST_SWITCHES) {
        return whole == 0 ? i + 1 : whole;
      }
      int server = fabric.nodes().get(all.get(i)).server();
      boolean last = i + 1 == all.size() || fabric.nodes().get(all.get(i + 1)).server() != server;
      whole = last || server == Node.NO_SERVER ? i + 1 : whole;
    }
    return most;
  }

  /** The switches that a GPU, or its NIC, is cabled to. */
  private void addLeaves(int node, Set<Integer> leaves) {
    for (int i = graph.first(node); i < graph.first(node + 1); i++) {
      Node.Role role = fabric.nodes().get(graph.end(i)).role();
      if (role == Node.Role.SWITCH) {
        leaves.add(graph.end(i));
      } else if (role == Node.Role.NIC && fabric.nodes().get(node).role() == Node.Role.GPU) {
        addLeaves(graph.end(i), leaves);
      }
    }
  }

  /** A NIC apart from its GPU is drawn as part of it. */
  private void placeNics() {
    for (Link link : fabric.links()) {
      double[] gpu = place.get(link.a());
      if (gpu != null && fabric.nodes().get(link.b()).role() == Node.Role.NIC) {
        place.put(link.b(), gpu);
      }
    }
  }

  private void boxServer(double x, double width, int server) {
    canvas.rectangle(x + 1, gpuY - 14, width - 2, 28, 4, 0.8);
    if (width >= 50) {
      canvas.text(x + width / 2, gpuY + 30, 11, "server " + server);
    } else {
      canvas.text(x + width / 2, gpuY + 30, 10, String.valueOf(server));
    }
  }

  /** NVLink is inside the server's box and not drawn. */
  private void drawCable(int index) {
    Link link = fabric.links().get(index);
    double[] a = place.get(link.a());
    double[] b = place.get(link.b());
    if (a == null || b == null || fabric.isScaleUp(link)) {
      return;
    }
    double[] upper = a[1] < b[1] ? a : b;
    double[] lower = a[1] < b[1] ? b : a;
    if (upper[1] == lower[1]) { // side by side
      double dip = upper[1] == gpuY ? -34 : 34;
      double middle = (upper[0] + lower[0]) / 2;
      double edge = upper[1] + Math.signum(dip) * SWITCH_HEIGHT / 2.0;
      canvas.cable(index, upper[0], edge, lower[0], edge, new double[] {middle, upper[1] + dip});
      return;
    }
    double low = lower[1] - (lower[1] == gpuY ? 14 : SWITCH_HEIGHT / 2.0);
    canvas.cable(index, upper[0], upper[1] + SWITCH_HEIGHT / 2.0, lower[0], low);
  }
}
