package weft.nn;

import weft.nn.compute.Exchange;
import weft.nn.compute.Keeping;
import weft.nn.compute.Peers;
import weft.nn.compute.Team;

/**
 * A network at work in one precision: its parameters, its gradient, and the buffers of its layers.
 *
 * <p>Made once and used for every batch of at most {@link #rows()} samples without further
 * allocation. For one thread at a time; a {@link Team} shares out the work of each layer.
 */
abstract sealed class Engine permits FloatEngine, DoubleEngine {
  /** What an engine is made for. */
  enum Use {
    /** Forward passes alone. */
    EVALUATE,
    /** Forward and backward passes over batches. */
    LEARN,
    /** As {@link #LEARN}, backward passes in two parts that others may come between. */
    LEARN_IN_PARTS,
    /** As {@link #LEARN}, with every number on the way kept to be looked at. */
    EXPLAIN;

    Keeping keeping() {
      return switch (this) {
        case EVALUATE, LEARN -> Keeping.NOTHING;
        case LEARN_IN_PARTS -> Keeping.GRADIENTS;
        case EXPLAIN -> Keeping.ALL;
      };
    }
  }

  static Engine of(Network network, Precision precision, int rows, Use use, Team team) {
    return precision == Precision.FLOAT64
        ? new DoubleEngine(network, rows, use, team, Peers.NONE, null)
        : new FloatEngine(
            network,
            rows,
            use,
            team,
            Peers.NONE,
            precision.rounder(Layers.sections(network.layers())));
  }

  /** A part of a network that learns, in float32 or float64, beside others with the other parts. */
  static Engine of(Network part, int rows, Use use, Peers peers) {
    return part.precision() == Precision.FLOAT64
        ? new DoubleEngine(part, rows, use, Team.ALONE, peers, null)
        : new FloatEngine(part, rows, use, Team.ALONE, peers, null);
  }

  /** Most samples of a batch. */
  abstract int rows();

  /** An engine for more samples at once, on the same parameters and gradient. */
  abstract Engine resized(int rows);

  /** An engine for one sample with a copy of the parameters, statistics and loss scale. */
  abstract Engine copy(Team team);

  /** Whether every parameter is a finite number. */
  abstract boolean isFinite();

  /** An engine for forward passes alone, on the same parameters, which may change meanwhile. */
  abstract Engine evaluating(int rows);

  /** Takes over samples {@code indices[from..to)} of a data set. */
  abstract void load(Dataset data, int[] indices, int from, int to);

  /** Takes over one sample. */
  abstract void load(int row, double[] inputs, double[] targets);

  /**
   * Computes the outputs of the first {@code count} samples.
   *
   * @param training whether dropout drops and batch normalisation uses this batch's statistics
   * @param stepSeed what random draws depend on
   * @param firstRow where in the whole batch these samples begin
   */
  abstract void forward(int count, boolean training, long stepSeed, int firstRow);

  /** Likewise, not in training. */
  final void forward(int count) {
    forward(count, false, 0, 0);
  }

  /**
   * The sum of the losses of the loaded samples, after {@link #forward}; a sample's is the mean of
   * its positions'.
   */
  abstract double loss(int count);

  /**
   * Computes scale times the gradient of the loaded samples' losses, after {@link #forward}.
   *
   * @param adding whether it is added to the gradient so far
   */
  abstract void backward(int count, double scale, boolean adding);

  /**
   * The part of {@link #backward} that earlier layers wait for. For engines made to {@link
   * Use#LEARN_IN_PARTS}, of numbers that are not rounded.
   *
   * @param adding whether what layers make of parameters already is added to the gradient so far
   */
  abstract void backwardToInputs(int count, double scale, boolean adding);

  /**
   * The rest of it: gradients of weights.
   *
   * @param adding whether they are added to the gradient so far
   */
  abstract void backwardToWeights(int count, boolean adding);

  /** Lets the gradient take part in an exchange with workers that have the same weights. */
  abstract void exchangeGradient(Exchange what);

  /** Likewise some numbers of the gradient, as an array of their own. */
  abstract void exchangeGradient(Exchange what, int[] places);

  /** Likewise some of the parameters. */
  abstract void exchangeParameters(Exchange what, int[] places);

  /**
   * Lets an optimiser change some of the parameters.
   *
   * @param updater of as many parameters as there are places
   */
  abstract void updateSome(Updater updater, int[] places);

  /**
   * How many numbers are in memory.
   *
   * @param kept weights that layers gathered and keep
   * @param shared buffers for the weights and the gradient of one layer after the other
   * @param activations buffers of layers
   */
  record Held(long parameters, long gradient, long kept, long shared, long activations) {}

  /** How many numbers this engine has in memory. */
  abstract Held held();

  /** A number of a sample's output. */
  abstract double output(int row, int index);

  /** A copy of all parameters. */
  abstract double[] parameters();

  /** Replaces one parameter. */
  abstract void parameter(int index, double value);

  /** A copy of what batch normalisation remembers. */
  abstract double[] statistics();

  /** A copy of the gradient. */
  abstract double[] gradientCopy();

  /** The gradient itself. */
  abstract Gradient gradient();

  /** Lets an optimiser change the parameters, unless the loss scale asks to skip this step. */
  abstract void update(Updater updater);

  /** By what the loss is multiplied before the backward pass; 1 for nothing. */
  abstract double lossScale();

  /** What the loss scale remembers; empty if there is none. */
  abstract double[] lossScaleState();

  /** Takes over what {@link #lossScaleState} gave. */
  abstract void restoreLossScale(double[] state);

  /** Sets the gradient to 0. */
  abstract void clearGradient();

  /** The first sample's numbers of a layer: before its activation. */
  abstract double[] sums(int layer);

  /** The first sample's outputs of a layer. */
  abstract double[] outputs(int layer);

  /** dL/dz of the first sample, or dL/doutput of a layer without an activation. */
  abstract double[] outputGradient(int layer);

  /**
   * dL/doutput of the first sample as the layer received it; kept by engines made to {@link
   * Use#EXPLAIN}.
   */
  abstract double[] receivedGradient(int layer);

  /** dL/dinput of the first sample, likewise; empty if the inputs are tokens. */
  abstract double[] inputGradient();

  /**
   * The class with the largest output at a position; the first of equals. A single output stands
   * for the second of two classes, from 0.5 on.
   */
  final int predicted(int row, int position, int width) {
    int from = position * width;
    if (width == 1) {
      return output(row, from) >= 0.5 ? 1 : 0;
    }
    int best = 0;
    for (int i = 1; i < width; i++) {
      if (output(row, from + i) > output(row, from + best)) {
        best = i;
      }
    }
    return best;
  }
}
