package weft.fabric;

import static weft.fabric.FabricCanvas.MARGIN;
import static weft.fabric.FabricCanvas.WIDTH;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import weft.report.Picture;

/**
 * Draws a torus or mesh as rows and columns of switches, a third dimension as layers behind each
 * other, each a little further up and to the right. Links around are arcs.
 */
final class GridPicture {
  private static final int MOST_ROWS = 8;
  private static final int MOST_COLUMNS = 16;
  private static final int MOST_IN_SPACE = 6; // rows and columns where there are layers
  private static final int MOST_LAYERS = 4;
  private static final double TOP = 50;
  private static final double WIDEST_STEP = 64;
  private static final double WIDEST_STEP_IN_SPACE = 150;
  private static final double DEPTH = 0.7; // of the way to the next row or column

  private final Fabric fabric;
  private final Arrangement.Grid grid;
  private final FabricCanvas canvas;
  private final int layers; // the first dimension of three
  private final int rows;
  private final int columns;
  private final Map<Integer, double[]> place = new HashMap<>();
  private double step;
  private double back; // from layer to layer

  GridPicture(Fabric fabric, Arrangement.Grid grid, FabricCanvas canvas) {
    this.fabric = fabric;
    this.grid = grid;
    this.canvas = canvas;
    List<Integer> sizes = grid.sizes();
    int n = sizes.size();
    layers = n == 3 ? sizes.get(0) : 1;
    rows = n == 1 ? 1 : sizes.get(n - 2);
    columns = sizes.get(n - 1);
  }

  Picture draw() {
    int drawnLayers = Math.min(layers, MOST_LAYERS);
    int drawnRows = Math.min(rows, layers > 1 ? MOST_IN_SPACE : MOST_ROWS);
    int drawnColumns = Math.min(columns, layers > 1 ? MOST_IN_SPACE : MOST_COLUMNS);
    double room = WIDTH - 2.0 * MARGIN - 24;
    double depth = layers > 1 ? DEPTH : 0;
    step = Math.min(layers > 1 ? WIDEST_STEP_IN_SPACE : WIDEST_STEP, room / (drawnColumns + depth));
    back = depth * step / drawnLayers;
    double height = TOP + back * (drawnLayers - 1);
    double left = (WIDTH - step * drawnColumns - back * (drawnLayers - 1)) / 2;
    for (int layer = 0; layer < drawnLayers; layer++) {
      for (int row = 0; row < drawnRows; row++) {
        for (int column = 0; column < drawnColumns; column++) {
          int node = grid.firstSwitch() + (layer * rows + row) * columns + column;
          double x = left + (column + 0.5) * step + layer * back;
          placeSwitch(node, x, height + rowStep() * row - layer * back * rowStep() / step);
        }
      }
    }
    leaveOut();
    for (int l = 0; l < fabric.links().size(); l++) {
      drawLink(l);
    }
    return canvas.picture((int) (height + drawnRows * rowStep() + 14));
  }

  private double rowStep() {
    return layers > 1 ? 0.8 * step : step;
  }

  private void leaveOut() {
    int[] gpus = gpusOfSwitches();
    int most = Arrays.stream(gpus).max().orElse(0);
    canvas.explain(
        "a square is a switch with its " + (most == 1 ? "GPU" : "up to %d GPUs".formatted(most)));
    canvas.leaveOut(grid.switches() - place.size(), "switches");
    canvas.leaveOut(
        fabric.gpus() - place.keySet().stream().mapToInt(n -> gpus[n - grid.firstSwitch()]).sum(),
        "GPUs");
  }

  private int[] gpusOfSwitches() {
    int[] gpus = new int[grid.switches()];
    for (Link link : fabric.links()) {
      if (link.a() < grid.firstSwitch() && link.b() >= grid.firstSwitch()) {
        gpus[link.b() - grid.firstSwitch()]++;
      }
    }
    return gpus;
  }

  private void placeSwitch(int node, double x, double y) {
    place.put(node, new double[] {x, y});
    double side = Math.min(14, step * 0.4);
    canvas.gpu(x, y, side - 4);
    canvas.rectangle(x - side / 2, y - side / 2, side, side, 3, 1.4);
  }

  private void drawLink(int index) {
    Link link = fabric.links().get(index);
    double[] a = place.get(link.a());
    double[] b = place.get(link.b());
    if (a == null || b == null) {
      return;
    }
    if (!isAround(link)) {
      canvas.cable(index, a[0], a[1], b[0], b[1]);
      return;
    }
    double distance = Math.hypot(a[0] - b[0], a[1] - b[1]);
    double bow = Math.min(0.9 * step, 10 + 0.06 * distance);
    int apart = Math.abs(link.a() - link.b());
    boolean column = apart % columns == 0 && apart < rows * columns;
    double[] bend = {
      (a[0] + b[0]) / 2 + (column ? bow : 0), (a[1] + b[1]) / 2 - (column ? 0 : bow)
    };
    canvas.cable(index, a[0], a[1], b[0], b[1], bend);
  }

  /** Whether a link joins the two ends of a row of more than two. */
  private boolean isAround(Link link) {
    for (int d = 0; d < grid.sizes().size(); d++) {
      if (Math.abs(grid.coordinate(link.a(), d) - grid.coordinate(link.b(), d)) > 1) {
        return true;
      }
    }
    return false;
  }
}
