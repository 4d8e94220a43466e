package weft.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import weft.report.Digits;
import weft.report.Picture;

/**
 * Draws a network: a column per layer, lines coloured by the sign of the weight and as wide as its
 * size, numbers on both. Wide layers are shortened to their first neurons and the last one.
 * Networks with layers other than dense ones are drawn by {@link BlockPicture}.
 */
final class NetworkPicture {
  /** Between two layers; wider where labels need it, as long as the picture fits a page. */
  private static final int[] COLUMNS = {290, 340, 390};

  private static final int WIDEST = 1000;
  private static final int ROW = 136;
  private static final int TOP = 96;
  private static final int BOTTOM = 118;
  private static final int SIDE = 90;
  private static final int RADIUS = 32;

  /** Characters of a name that fit into a circle. */
  private static final int INSIDE = 7;

  private final Network network;
  private final @Nullable Trace trace;
  private final Names names;
  private final int column;
  private final int tallest;
  private final SvgCanvas canvas;

  private NetworkPicture(Network network, @Nullable Trace trace, int column) {
    this.column = column;
    this.network = network;
    this.trace = trace;
    names = network.names();
    int most = Explanation.shown(network.inputs()).length;
    for (Layer layer : network.layers()) {
      most = Math.max(most, Explanation.shown(layer.out().size()).length);
    }
    tallest = most;
    int columns = network.layers().size();
    boolean targets = trace != null && trace.target() != null;
    canvas =
        new SvgCanvas(
            2 * SIDE + columns * column + (targets ? 60 : 0),
            TOP + (tallest - 1) * ROW + 2 * RADIUS + BOTTOM);
  }

  static Picture of(Network network) {
    return of(network, null);
  }

  static Picture of(Trace trace) {
    return of(trace.network(), trace);
  }

  private static Picture of(Network network, @Nullable Trace trace) {
    boolean neurons =
        network.layers().stream()
            .allMatch(layer -> layer instanceof Dense && layer.in().isVector());
    return neurons ? ofNeurons(network, trace) : BlockPicture.of(network, trace);
  }

  private static Picture ofNeurons(Network network, @Nullable Trace trace) {
    for (int column : COLUMNS) {
      var picture = new NetworkPicture(network, trace, column);
      boolean labelled = picture.draw();
      if (labelled && picture.canvas.width() <= WIDEST) {
        return picture.finish();
      }
    }
    var narrow = new NetworkPicture(network, trace, COLUMNS[0]);
    narrow.draw();
    return narrow.finish();
  }

  /** Draws everything; tells whether every weight found room for its numbers. */
  private boolean draw() {
    for (int l = 0; l < network.layers().size(); l++) {
      edges(l);
    }
    for (int l = -1; l < network.layers().size(); l++) {
      canvas.text(x(l), 62, caption(l), "caption");
      for (int i : Explanation.shown(width(l))) {
        if (i < 0) {
          canvas.reserved(x(l), y(l, i) + 5, (width(l) - 4) + " more ...", "small");
        } else {
          node(l, i);
        }
      }
    }
    boolean labelled = true;
    for (int l = 0; l < network.layers().size(); l++) {
      labelled &= canvas.labelsOnLines(labels(l));
    }
    canvas.text(canvas.width() / 2.0, 30, title(), "title");
    legend(labelled);
    return labelled;
  }

  private Picture finish() {
    return new Picture(canvas.finish(title()), alt());
  }

  private String title() {
    return title(network, trace);
  }

  static String title(Network network, @Nullable Trace trace) {
    if (trace == null) {
      return String.format(Locale.ROOT, "Network with %,d parameters", network.parameters());
    }
    if (trace.target() == null) {
      return "Forward pass";
    }
    return (trace.hasGradient() ? "Forward and backward pass, loss " : "Forward pass, loss ")
        + Digits.of(trace.loss());
  }

  private String alt() {
    return trace == null ? network.toString() : title() + ": " + network;
  }

  private String caption(int l) {
    return l < 0 ? "inputs" : network.layers().get(l).name();
  }

  private int width(int l) {
    return l < 0 ? network.inputs() : network.layers().get(l).out().size();
  }

  private double x(int l) {
    return SIDE + (l + 1) * (double) column;
  }

  /** Columns are centred; the dots of a shortened layer, index -1, come before its last neuron. */
  private double y(int l, int index) {
    int[] shown = Explanation.shown(width(l));
    int slot = 0;
    while (shown[slot] != index) {
      slot++;
    }
    return TOP + RADIUS + (slot + (tallest - shown.length) / 2.0) * ROW;
  }

  private void edges(int l) {
    double largest = largestWeight(l);
    for (int to : Explanation.shown(width(l))) {
      for (int from : Explanation.shown(width(l - 1))) {
        if (to >= 0 && from >= 0) {
          double w = weight(l, to, from);
          canvas.line(
              x(l - 1) + RADIUS,
              y(l - 1, from),
              x(l) - RADIUS,
              y(l, to),
              SvgCanvas.color(w),
              1 + 4 * (largest > 0 ? Math.abs(w) / largest : 0),
              weightText(l, to, from) + " " + gradientText(l, to, from));
        }
      }
    }
  }

  private void node(int l, int i) {
    double value = l < 0 ? input(i) : trace == null ? Double.NaN : trace.activations()[l][i];
    canvas.circle(x(l), y(l, i), RADIUS, value);
    String name = names.neuron(l, i);
    boolean inside = name.length() <= INSIDE;
    if (!inside) {
      canvas.reserved(x(l), y(l, i) - RADIUS - 8, name, "name");
    }
    if (Double.isNaN(value)) {
      canvas.text(x(l), y(l, i) + 5, inside ? name : "", "name");
    } else {
      canvas.text(x(l), y(l, i) - 5, inside ? name : "", "name");
      canvas.text(x(l), y(l, i) + (inside ? 14 : 5), Digits.of(value, 3), "number");
    }
    if (l >= 0) {
      notes(l, i);
    }
  }

  private double input(int i) {
    return trace == null ? Double.NaN : trace.inputs()[i];
  }

  /** Bias, sum and gradient under a neuron; the target beside an output. */
  private void notes(int l, int i) {
    double bias = value(l, dense(l).bias(i));
    String first = names.bias(l, i) + " = " + Digits.of(bias, 4);
    double below = y(l, i) + RADIUS + 16;
    canvas.label(x(l), below, first, SvgCanvas.color(bias));
    if (trace == null) {
      return;
    }
    canvas.label(
        x(l), below + 16, names.sum(l, i) + " = " + Digits.of(trace.sums()[l][i], 4), "#333333");
    if (trace.hasGradient()) {
      double gradient = trace.sumGradients()[l][i];
      canvas.label(
          x(l),
          below + 32,
          "dL/d" + names.sum(l, i) + " = " + Digits.of(gradient, 4),
          SvgCanvas.color(gradient));
    }
    double[] target = trace.target();
    if (target != null && l == network.layers().size() - 1) {
      canvas.label(
          x(l) + RADIUS + 48,
          y(l, i) + 5,
          names.target(i) + " = " + Digits.of(target[i], 4),
          "#333333");
    }
  }

  private List<SvgCanvas.LineLabel> labels(int l) {
    var labels = new ArrayList<SvgCanvas.LineLabel>();
    for (int from : Explanation.shown(width(l - 1))) {
      for (int to : Explanation.shown(width(l))) {
        if (to >= 0 && from >= 0) {
          labels.add(label(l, to, from));
        }
      }
    }
    return labels;
  }

  private SvgCanvas.LineLabel label(int l, int to, int from) {
    double gradient = gradient(l, to, from);
    return new SvgCanvas.LineLabel(
        x(l - 1) + RADIUS,
        y(l - 1, from),
        x(l) - RADIUS,
        y(l, to),
        weightText(l, to, from),
        SvgCanvas.color(weight(l, to, from)),
        gradientText(l, to, from),
        SvgCanvas.color(gradient));
  }

  private String weightText(int l, int to, int from) {
    return names.weight(l, to, from) + " = " + Digits.of(weight(l, to, from), 4);
  }

  private String gradientText(int l, int to, int from) {
    return Double.isNaN(gradient(l, to, from))
        ? ""
        : "dL/dW = " + Digits.of(gradient(l, to, from), 4);
  }

  private double gradient(int l, int to, int from) {
    if (trace == null || !trace.hasGradient()) {
      return Double.NaN;
    }
    int offset = network.costs().get(l).offset();
    return trace.gradient()[offset + dense(l).weight(to, from)];
  }

  /** Samples of each colour and width, and what is written where. */
  private void legend(boolean labelled) {
    double y = canvas.height() - 48;
    double x = canvas.width() / 2.0 - 250;
    canvas.sample(x, y, 1, 4, "above 0");
    canvas.sample(x + 115, y, -1, 4, "below 0");
    canvas.sample(x + 230, y, 0, 4, "0");
    canvas.sample(x + 300, y, 1, 1, "weight near 0");
    canvas.sample(x + 450, y, 1, 5, "largest of its layer");
    String inside = trace == null ? "" : "in the circle: activation";
    String tip = labelled ? "" : "point at a line to read its weight";
    String between = inside.isEmpty() || tip.isEmpty() ? "" : "; ";
    canvas.text(canvas.width() / 2.0, canvas.height() - 16, inside + between + tip, "small");
  }

  private Dense dense(int l) {
    return (Dense) network.layers().get(l);
  }

  private double weight(int l, int to, int from) {
    return value(l, dense(l).weight(to, from));
  }

  private double value(int l, int index) {
    return network.values()[network.costs().get(l).offset() + index];
  }

  private double largestWeight(int l) {
    int from = network.costs().get(l).offset();
    return Arrays.stream(network.values(), from, from + width(l) * width(l - 1))
        .map(Math::abs)
        .max()
        .orElse(0);
  }
}
