package weft.nn;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the field's texts call a network's parts: inputs X1 X2, hidden neurons H3 H4, outputs O5,
 * numbered through; weights W31 (to 3, from 1) and biases b3. From ten parts on weights are written
 * with a comma, W12,3. The reader's own names take the place of X, H and O. In images and sequences
 * a number is called by layer and place, H1[0,2,3].
 */
final class Names {
  private final List<Layer> layers;
  private final boolean comma;

  /** Of layers inside another: the names around it, that layer's number, and its label. */
  private final @Nullable Names around;

  private final int within;
  private final String prefix;
  private String @Nullable [] parameters;

  Names(List<Layer> layers) {
    this(layers, null, 0, "");
  }

  private Names(List<Layer> layers, @Nullable Names around, int within, String prefix) {
    this.layers = layers;
    this.around = around;
    this.within = within;
    this.prefix = prefix;
    comma = first(layers.size()) > 10;
  }

  /**
   * For the layers inside one of these: {@code H2.1[0]}, and what feeds that one as it is called.
   */
  Names inside(int layer, List<Layer> inner) {
    return new Names(inner, this, layer, label(layer) + ".");
  }

  /** A layer's number, from 1: {@code 2}, or {@code 2.1} for the first one inside it. */
  String label(int layer) {
    return prefix + (layer + 1);
  }

  /** The number of neuron 0 of a layer; layer -1 is the inputs. Vectors alone are numbered. */
  private int first(int layer) {
    int number = 1;
    for (int i = -1; i < layer; i++) {
      number += shape(i).isVector() ? shape(i).size() : 0;
    }
    return number;
  }

  int number(int layer, int index) {
    return first(layer) + index;
  }

  /** What feeds layer 0, or leaves another. */
  private Shape shape(int layer) {
    return layer < 0 ? layers.get(0).in() : layers.get(layer).out();
  }

  /** The reader's own name if there is one; a dense layer's or an input's. */
  String neuron(int layer, int index) {
    if (around != null && layer < 0) {
      return around.neuron(within - 1, index);
    }
    List<String> given = given(layer);
    if (!given.isEmpty()) {
      return given.get(index);
    }
    return standard(layer, index);
  }

  /** What a node is called without a name of its own. */
  String standard(int layer, int index) {
    String kind = layer < 0 ? "X" : layer == layers.size() - 1 && around == null ? "O" : "H";
    return kind + place(layer, index);
  }

  /** The reader's own names of a layer's nodes; none, or one for each. */
  List<String> given(int layer) {
    return layer < 0 || layers.get(layer) instanceof Dense ? shape(layer).names() : List.of();
  }

  /** A number, or outside vectors the layer's number and the place in it. */
  private String place(int layer, int index) {
    Shape shape = shape(layer);
    return shape.isVector() && around == null
        ? String.valueOf(number(layer, index))
        : (layer < 0 ? "" : label(layer)) + shape.place(index);
  }

  String sum(int layer, int index) {
    return "Z" + place(layer, index);
  }

  String weight(int layer, int to, int from) {
    return "W" + number(layer, to) + (comma ? "," : "") + number(layer - 1, from);
  }

  String bias(int layer, int to) {
    return "b" + number(layer, to);
  }

  String output(int index) {
    return neuron(layers.size() - 1, index);
  }

  String outputSum(int index) {
    return sum(layers.size() - 1, index);
  }

  String target(int index) {
    return "Y" + place(layers.size() - 1, index);
  }

  /** The names of all parameters in flat order: for reading only. */
  String[] parameters() {
    String[] known = parameters;
    if (known == null) {
      known = all();
      parameters = known;
    }
    return known;
  }

  private String[] all() {
    int count = layers.stream().mapToInt(Layer::parameters).sum();
    if (around != null) {
      int from = around.layers.subList(0, within).stream().mapToInt(Layer::parameters).sum();
      return Arrays.copyOfRange(around.parameters(), from, from + count);
    }
    String[] names = new String[count];
    int offset = 0;
    for (int l = 0; l < layers.size(); l++) {
      if (layers.get(l) instanceof Dense dense && dense.in().isVector()) {
        dense(l, dense, names, offset);
      } else {
        grouped(l, names, offset);
      }
      offset += layers.get(l).parameters();
    }
    return names;
  }

  private void dense(int l, Dense layer, String[] names, int offset) {
    for (int to = 0; to < layer.neurons(); to++) {
      for (int from = 0; from < layer.inputs(); from++) {
        names[offset + layer.weight(to, from)] = weight(l, to, from);
      }
      names[offset + layer.bias(to)] = bias(l, to);
    }
  }

  /** Of layers whose weights do not join two neurons: {@code L2.weights[3,1]}, from 0. */
  private void grouped(int l, String[] names, int offset) {
    int at = offset;
    for (ParameterGroup group : layers.get(l).groups()) {
      for (int i = 0; i < group.count(); i++) {
        String index =
            group.columns() == 1
                ? String.valueOf(i)
                : i / group.columns() + "," + i % group.columns();
        names[at++] = "L%d.%s[%s]".formatted(l + 1, group.name(), index);
      }
    }
  }
}
