package weft.nn;

import java.util.ArrayList;
import java.util.List;

/** Layers put one on another so far, and what may follow them. Immutable. */
record LayerStack(Shape in, List<Layer> layers) {
  /** Numbers of one sample that a layer gives. */
  static final int MOST_NUMBERS = 1 << 26;

  /** 4 GiB of them in double precision. */
  private static final int MOST_PARAMETERS = 1 << 29;

  LayerStack {
    layers = List.copyOf(layers);
  }

  /** With nothing on what the network is fed. */
  static LayerStack on(Shape in) {
    return new LayerStack(in, List.of());
  }

  /** How a sample's numbers leave the last layer so far. */
  Shape shape() {
    return layers.isEmpty() ? in : layers.get(layers.size() - 1).out();
  }

  /** What comes before the next layer, as a cell writes it. */
  String before() {
    return layers.isEmpty() ? in.source() : layers.get(layers.size() - 1).name();
  }

  /** With one more layer. */
  LayerStack then(Layer layer) {
    long parameters = layer.groups().stream().mapToLong(ParameterGroup::size).sum();
    for (Layer each : layers) {
      parameters += each.parameters();
    }
    if (parameters > MOST_PARAMETERS) {
      throw new IllegalArgumentException(
          "a network has at most %d parameters, but with %s after %s inputs it has %d: use fewer neurons"
              .formatted(MOST_PARAMETERS, layer.name(), layer.in().size(), parameters));
    }
    if (layer.out().numbers() > MOST_NUMBERS) {
      throw new IllegalArgumentException(
          "a layer gives at most %d numbers, but %s gives shape %s: make it smaller"
              .formatted(MOST_NUMBERS, layer.name(), layer.out()));
    }
    var more = new ArrayList<>(layers);
    more.add(layer);
    return new LayerStack(in, more);
  }

  /** With another layer in place of the last. */
  LayerStack replaceLast(Layer layer) {
    var replaced = new ArrayList<>(layers);
    replaced.set(layers.size() - 1, layer);
    return new LayerStack(in, replaced);
  }

  /** The shape, of images that windows of a size slide over. */
  Shape windowed(String step, int size) {
    if (size < 1) {
      throw new IllegalArgumentException(
          "%s(size) has a window of at least 1, got %d: write for example %s(2)"
              .formatted(step, size, step));
    }
    return image(step + "(" + size + ")");
  }

  /** The shape, of images. */
  Shape image(String step) {
    if (!shape().isImage()) {
      throw new IllegalArgumentException(
          "%s takes images, but %s gives shape %s: begin with Network.images(1, 28, 28) and put it before flatten()"
              .formatted(step, before(), shape()));
    }
    return shape();
  }

  /** The shape, of a sequence. */
  Shape sequence(String step) {
    if (!shape().isSequence()) {
      throw new IllegalArgumentException(
          "%s takes a sequence, but it is given %s: put it after Network.tokens(...).embedding(...)"
              .formatted(step, shape()));
    }
    return shape();
  }

  /** The shape, of anything but tokens. */
  Shape numbers(String step) {
    if (shape().isTokens()) {
      throw new IllegalArgumentException(
          "%s(...) takes numbers, but %s gives %s: put it after a layer that makes numbers of them"
              .formatted(step, before(), shape()));
    }
    return shape();
  }

  /** The last layer, which a step changes. */
  Layer last(String step) {
    if (layers.isEmpty()) {
      throw new IllegalArgumentException(
          step
              + "(...) needs a layer before it: write for example Network.inputs(2).dense(2,"
              + " relu())");
    }
    return layers.get(layers.size() - 1);
  }

  /** The last layer, which looks through windows. */
  Windowed lastWindowed(String step) {
    if (last(step) instanceof Windowed windowed) {
      return windowed;
    }
    throw new IllegalArgumentException(
        "%s(...) belongs to a conv2d%s, but the last layer is %s: write it right after conv2d(...)"
            .formatted(step, step.equals("stride") ? " or a pooling" : "", last(step).name()));
  }

  /** The last layer, which can be given its parameters. */
  GivenWeights lastGiven(String step) {
    if (last(step) instanceof GivenWeights given) {
      return given;
    }
    throw new IllegalArgumentException(
        "%s(...) are given to a dense or conv2d layer, but the last one is %s: write them right after it"
            .formatted(step, last(step).name()));
  }

  /** As a cell writes it so far. */
  @Override
  public String toString() {
    var text = new StringBuilder(in.source());
    layers.forEach(layer -> text.append('.').append(layer.name()));
    return text.toString();
  }
}
