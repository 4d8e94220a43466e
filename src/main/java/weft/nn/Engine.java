package weft.nn;

import java.util.ArrayList;
import java.util.List;

/**
 * A network at work in one precision: its parameters, its gradient, and the buffers of its layers.
 *
 * <p>Made once and used for every batch without further allocation. Rows are computed in groups of
 * at most {@link #rows}; additions happen in row order, so that the size of a group changes no bit.
 * For one thread at a time.
 */
final class Engine {
  /** Rows of a group: enough to amortise a layer's set-up, few enough to stay in cache. */
  static final int GROUP = 64;

  final Tensor parameters;
  final Tensor gradient;
  final int rows;
  private final Network network;
  private final Tensor input;
  private final Tensor target;
  private final List<Layer.Stage> stages = new ArrayList<>();

  Engine(Network network, Precision precision, int rows) {
    this.network = network;
    this.rows = rows;
    parameters = Tensor.of(precision, network.parameters());
    parameters.setAll(network.values());
    gradient = Tensor.of(precision, network.parameters());
    input = Tensor.of(precision, rows * network.inputs());
    target = Tensor.of(precision, rows * network.outputs());
    int offset = 0;
    for (Layer layer : network.layers()) {
      stages.add(layer.stage(parameters, gradient, offset, rows, precision));
      offset += layer.parameters();
    }
  }

  Layer.Stage stage(int layer) {
    return stages.get(layer);
  }

  private Layer.Stage last() {
    return stages.get(stages.size() - 1);
  }

  /** Fills rows of input and target from rows[from..to) of the data set; a class is one-hot. */
  void load(Dataset data, int[] indices, int from, int to) {
    target.clear();
    for (int i = from; i < to; i++) {
      data.load(indices[i], input, (i - from) * network.inputs());
      target.set((i - from) * network.outputs() + data.label(indices[i]), 1);
    }
  }

  /** Fills one row. */
  void load(int row, double[] inputs, double[] targets) {
    for (int i = 0; i < inputs.length; i++) {
      input.set(row * inputs.length + i, inputs[i]);
    }
    for (int i = 0; i < targets.length; i++) {
      target.set(row * targets.length + i, targets[i]);
    }
  }

  void forward(int count) {
    Tensor in = input;
    for (Layer.Stage stage : stages) {
      stage.forward(in, count);
      in = stage.outputs();
    }
  }

  /** The sum of the losses of the loaded rows, after {@link #forward}. */
  double loss(int count) {
    var last = last();
    return network.loss().sum(last.sums(), last.outputs(), target, count, network.outputs());
  }

  /** Adds scale times the gradient of the loaded rows' losses, after {@link #forward}. */
  void backward(int count, double scale) {
    var last = last();
    network
        .loss()
        .gradient(last.outputs(), target, last.outputGradient(), scale, count, network.outputs());
    for (int i = stages.size() - 1; i >= 0; i--) {
      var stage = stages.get(i);
      boolean first = i == 0;
      Tensor in = first ? input : stages.get(i - 1).outputs();
      Tensor inGradient = first ? input : stages.get(i - 1).outputGradient();
      stage.backward(in, inGradient, first, count);
    }
  }

  /** The class with the largest output; the first of equals. */
  int predicted(int row) {
    Tensor outputs = last().outputs();
    int from = row * network.outputs();
    int best = 0;
    for (int i = 1; i < network.outputs(); i++) {
      if (outputs.get(from + i) > outputs.get(from + best)) {
        best = i;
      }
    }
    return best;
  }
}
