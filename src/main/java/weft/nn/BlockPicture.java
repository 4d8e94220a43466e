package weft.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import weft.report.Digits;
import weft.report.Picture;

/**
 * Draws a network layer by layer, each as what leaves it: an image as a stack of squares, a
 * sequence as a row of bars, a vector as a column of cells. It reads from left to right, line after
 * line.
 */
final class BlockPicture {
  private static final int PER_LINE = 4;
  private static final int COLUMN = 215;
  private static final int LINE = 236;
  private static final int TOP = 50;
  private static final int GLYPH = 84;

  /** Characters of a layer's name on one line. */
  private static final int CHARACTERS = 24;

  private final Network network;
  private final @Nullable Trace trace;
  private final SvgCanvas canvas;
  private final double largestSide;
  private final double largestWidth;

  private BlockPicture(Network network, @Nullable Trace trace) {
    this.network = network;
    this.trace = trace;
    int cells = network.layers().size() + 1;
    int lines = (cells + PER_LINE - 1) / PER_LINE;
    canvas =
        new SvgCanvas(
            Math.max(3, Math.min(cells, PER_LINE)) * COLUMN + 40, TOP + lines * LINE + 10);
    double side = 1;
    double width = 1;
    for (int l = -1; l < network.layers().size(); l++) {
      Shape shape = shape(l);
      side = shape.isImage() ? Math.max(side, imageSide(shape)) : side;
      width = shape.isImage() ? width : Math.max(width, shape.width());
    }
    largestSide = side;
    largestWidth = width;
  }

  static Picture of(Network network, @Nullable Trace trace) {
    return new BlockPicture(network, trace).draw();
  }

  private Picture draw() {
    String title = NetworkPicture.title(network, trace);
    canvas.text(canvas.width() / 2.0, 30, title, "title");
    for (int l = -1; l < network.layers().size(); l++) {
      cell(l);
      if (l >= 0) {
        arrow(l);
      }
    }
    return new Picture(canvas.finish(title), title + ": " + network);
  }

  private Shape shape(int l) {
    return l < 0 ? network.in() : network.layers().get(l).out();
  }

  private double x(int l) {
    return 20 + ((l + 1) % PER_LINE + 0.5) * COLUMN;
  }

  /** The middle of a cell's glyph. */
  private double y(int l) {
    return TOP + (l + 1) / PER_LINE * LINE + 60 + GLYPH / 2.0;
  }

  private void cell(int l) {
    List<String> name = wrapped(l < 0 ? "inputs" : network.layers().get(l).name());
    for (int i = 0; i < name.size(); i++) {
      canvas.text(x(l), y(l) - GLYPH / 2.0 - 16 - (name.size() - 1 - i) * 16, name.get(i), "name");
    }
    glyph(shape(l), x(l), y(l));
    double below = y(l) + GLYPH / 2.0 + 24;
    for (String note : notes(l)) {
      canvas.text(x(l), below, note, "small");
      below += 17;
    }
  }

  private List<String> notes(int l) {
    var notes = new ArrayList<String>();
    notes.add(described(shape(l)));
    if (l >= 0) {
      int parameters = network.layers().get(l).parameters();
      notes.add(
          parameters == 0
              ? "no parameters"
              : String.format(Locale.ROOT, "%,d parameters", parameters));
    }
    if (trace != null) {
      notes.add("values " + range(l < 0 ? trace.inputs() : trace.activations()[l]));
      if (l >= 0 && trace.hasGradient()) {
        notes.add("gradients " + range(trace.sumGradients()[l]));
      }
    }
    return notes;
  }

  private static String range(double[] values) {
    double least = Arrays.stream(values).min().orElse(0);
    double most = Arrays.stream(values).max().orElse(0);
    return Digits.of(least, 3) + " to " + Digits.of(most, 3);
  }

  /** {@code 6 x 28 x 28}. */
  private static String described(Shape shape) {
    if (shape.isTokens()) {
      return "%d tokens below %d".formatted(shape.size(), shape.vocabulary());
    }
    if (shape.isImage()) {
      return "%d x %d x %d".formatted(shape.dimension(0), shape.dimension(1), shape.dimension(2));
    }
    return shape.isSequence()
        ? "%d steps x %d".formatted(shape.dimension(0), shape.dimension(1))
        : shape.size() + (shape.size() == 1 ? " number" : " numbers");
  }

  /** A name on lines of about {@value #CHARACTERS} characters, cut between calls and at spaces. */
  private static List<String> wrapped(String name) {
    var lines = new ArrayList<String>();
    var line = new StringBuilder();
    for (String piece : name.split("(?<= )|(?<=\\))(?=\\.)", -1)) {
      if (line.length() > 0 && line.length() + piece.strip().length() > CHARACTERS) {
        lines.add(line.toString().strip());
        line.setLength(0);
      }
      line.append(piece);
    }
    lines.add(line.toString().strip());
    return lines.size() <= 3
        ? lines
        : List.of(lines.get(0), lines.get(1) + " ...", lines.get(lines.size() - 1));
  }

  private void arrow(int l) {
    double half = GLYPH / 2.0 + 14;
    if ((l + 1) % PER_LINE > 0) {
      canvas.arrow(x(l - 1) + half, y(l), x(l) - half, y(l));
      return;
    }
    double right = canvas.width() - 16;
    double between = y(l) - GLYPH / 2.0 - 66;
    canvas.arrow(
        x(l - 1) + half,
        y(l - 1),
        right,
        y(l - 1),
        right,
        between,
        16,
        between,
        16,
        y(l),
        x(l) - half,
        y(l));
  }

  private void glyph(Shape shape, double x, double y) {
    if (shape.isImage()) {
      image(shape, x, y);
    } else if (shape.isSequence() || shape.isTokens()) {
      sequence(shape, x, y);
    } else {
      vector(shape, x, y);
    }
  }

  private static int imageSide(Shape shape) {
    return Math.max(shape.dimension(1), shape.dimension(2));
  }

  /** Channels behind one another, the largest image as large as there is room. */
  private void image(Shape shape, double x, double y) {
    int sheets = Math.min(5, shape.dimension(0));
    double room = GLYPH - 5.0 * 4;
    double scale = room / Math.sqrt(largestSide);
    double width = Math.max(6, scale * Math.sqrt(shape.dimension(2)));
    double height = Math.max(6, scale * Math.sqrt(shape.dimension(1)));
    double shift = (sheets - 1) * 2.5;
    for (int i = sheets - 1; i >= 0; i--) {
      double at = i * 5 - shift;
      sheet(x - width / 2 + at, y - height / 2 - at, width, height);
    }
  }

  private void sheet(double x, double y, double width, double height) {
    canvas.box(x, y, width, height, "#dcecf8", "#0063a0");
  }

  /** A bar per step, as tall as a step has numbers. */
  private void sequence(Shape shape, double x, double y) {
    int steps = shape.size() / shape.width();
    int bars = Math.min(8, steps);
    double height = tall(shape.width());
    for (int i = 0; i < bars; i++) {
      sheet(x + (i - bars / 2.0) * 11, y - height / 2, 8, height);
    }
  }

  /** A cell per number, or ten for more. */
  private void vector(Shape shape, double x, double y) {
    int cells = Math.min(10, shape.size());
    double height = Math.max(tall(shape.size()), Math.min(GLYPH, cells * 7));
    for (int i = 0; i < cells; i++) {
      sheet(x - 7, y - height / 2 + i * height / cells, 14, height / cells);
    }
  }

  private double tall(int numbers) {
    return Math.max(8, GLYPH * Math.sqrt(numbers / largestWidth));
  }
}
