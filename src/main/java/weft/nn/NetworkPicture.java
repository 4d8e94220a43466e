package weft.nn;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import weft.report.Digits;
import weft.report.Picture;

/**
 * Draws a network: a column per layer, lines coloured by the sign of the weight and as wide as its
 * size, numbers on both. Wide layers are shortened to their first neurons and the last one.
 */
final class NetworkPicture {
  private static final int COLUMN = 230;
  private static final int ROW = 132;
  private static final int TOP = 96;
  private static final int BOTTOM = 92;
  private static final int SIDE = 90;
  private static final int RADIUS = 30;

  private final Network network;
  private final @Nullable Trace trace;
  private final Names names;
  private final int tallest;
  private final SvgCanvas canvas;

  private NetworkPicture(Network network, @Nullable Trace trace) {
    this.network = network;
    this.trace = trace;
    names = network.names();
    int most = Explanation.shown(network.inputs()).length;
    for (Layer layer : network.layers()) {
      most = Math.max(most, Explanation.shown(layer.outputs()).length);
    }
    tallest = most;
    int columns = network.layers().size();
    boolean targets = trace != null && trace.target() != null;
    canvas =
        new SvgCanvas(
            2 * SIDE + columns * COLUMN + (targets ? 60 : 0),
            TOP + (tallest - 1) * ROW + 2 * RADIUS + BOTTOM);
  }

  static Picture of(Network network) {
    return new NetworkPicture(network, null).draw();
  }

  static Picture of(Trace trace) {
    return new NetworkPicture(trace.network(), trace).draw();
  }

  private Picture draw() {
    for (int l = 0; l < network.layers().size(); l++) {
      edges(l);
    }
    for (int l = -1; l < network.layers().size(); l++) {
      canvas.text(x(l), 62, caption(l), "caption");
      for (int i : Explanation.shown(width(l))) {
        if (i < 0) {
          canvas.text(x(l), y(l, i) + 5, (width(l) - 4) + " more ...", "small");
        } else {
          node(l, i);
        }
      }
    }
    for (int l = 0; l < network.layers().size(); l++) {
      weights(l);
    }
    canvas.text(canvas.width() / 2.0, 30, title(), "title");
    legend();
    return new Picture(canvas.finish(title()), alt());
  }

  private String title() {
    if (trace == null) {
      return "Network with " + network.parameters() + " parameters";
    }
    if (trace.target() == null) {
      return "Forward pass";
    }
    return (trace.hasGradient() ? "Forward and backward pass, loss " : "Forward pass, loss ")
        + Digits.of(trace.loss());
  }

  private String alt() {
    return title() + ": " + network;
  }

  private String caption(int l) {
    return l < 0 ? "inputs" : network.layers().get(l).name();
  }

  private int width(int l) {
    return l < 0 ? network.inputs() : network.layers().get(l).outputs();
  }

  private double x(int l) {
    return SIDE + (l + 1) * (double) COLUMN;
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
              names.weight(l, to, from) + " = " + Digits.of(w));
        }
      }
    }
  }

  private void node(int l, int i) {
    double value = l < 0 ? input(i) : trace == null ? Double.NaN : trace.activations()[l][i];
    canvas.circle(x(l), y(l, i), RADIUS, value);
    if (Double.isNaN(value)) {
      canvas.text(x(l), y(l, i) + 5, names.neuron(l, i), "name");
    } else {
      canvas.text(x(l), y(l, i) - 5, names.neuron(l, i), "name");
      canvas.text(x(l), y(l, i) + 14, Digits.of(value, 4), "number");
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
    double bias = value(l, network.layers().get(l).bias(i));
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

  private void weights(int l) {
    for (int to : Explanation.shown(width(l))) {
      for (int from : Explanation.shown(width(l - 1))) {
        if (to >= 0 && from >= 0) {
          weightLabel(l, to, from);
        }
      }
    }
  }

  private void weightLabel(int l, int to, int from) {
    double w = weight(l, to, from);
    String first = names.weight(l, to, from) + " = " + Digits.of(w, 4);
    String second = "";
    double gradient = 0;
    if (trace != null && trace.hasGradient()) {
      int offset = network.costs().get(l).offset();
      gradient = trace.gradient()[offset + network.layers().get(l).weight(to, from)];
      second = "dL/dW = " + Digits.of(gradient, 4);
    }
    canvas.labelOnLine(
        new double[] {x(l - 1) + RADIUS, y(l - 1, from), x(l) - RADIUS, y(l, to)},
        first,
        SvgCanvas.color(w),
        second,
        SvgCanvas.color(gradient));
  }

  private void legend() {
    String inside = trace == null ? "" : "in the circle: activation; ";
    canvas.text(
        canvas.width() / 2.0,
        canvas.height() - 16,
        "blue: above 0, orange: below 0, grey: 0; " + inside + "wide line: large weight",
        "small");
  }

  private double weight(int l, int to, int from) {
    return value(l, network.layers().get(l).weight(to, from));
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
