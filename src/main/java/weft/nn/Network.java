package weft.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.report.Picture;
import weft.report.Tabular;
import weft.units.Check;

/**
 * A feed-forward network: layers, loss and parameters. An immutable value; learning returns a new
 * one.
 *
 * <p>Parameters are kept in double precision. A single sample ({@link #forward}) is computed in it,
 * so that results come out as on paper; batches are computed in {@link #precision()}.
 */
public final class Network implements Tabular {
  private static final String TEST_ROWS = "write for example Datasets.digits().test()";

  private final List<Layer> layers;
  private final Loss loss;
  private final Precision precision;
  private final double[] values;
  private final double[] statistics;
  private final @Nullable Update update;

  private Network(
      List<Layer> layers,
      Loss loss,
      Precision precision,
      double[] values,
      double[] statistics,
      @Nullable Update update) {
    this.layers = layers;
    this.loss = loss;
    this.precision = precision;
    this.values = values;
    this.statistics = statistics;
    this.update = update;
  }

  /**
   * Starts the description of a network.
   *
   * @param count numbers of one sample, at least 1
   */
  public static NetworkBuilder inputs(int count) {
    return NetworkBuilder.inputs(count);
  }

  /**
   * Starts the description of a network whose inputs have names, which explanations, tables and
   * pictures then use.
   *
   * @param first of the first input: {@code "area"}; then one name for each other input
   * @throws IllegalArgumentException if a name is empty or given twice; one that stands for
   *     something else is refused by {@link NetworkBuilder#loss}
   */
  public static NetworkBuilder inputs(String first, String... others) {
    return NetworkBuilder.inputs(first, others);
  }

  /**
   * Starts the description of a network that looks at images.
   *
   * @param channels at least 1: 1 for grey, 3 for colour
   * @param height rows, at least 1
   * @param width columns, at least 1
   */
  public static NetworkBuilder images(int channels, int height, int width) {
    return NetworkBuilder.images(channels, height, width);
  }

  /**
   * Starts the description of a network that reads sequences of tokens, such as the characters of a
   * text: see {@link Text#sequences}.
   *
   * @param vocabulary how many different tokens there are, at least 2; a token is a whole number
   *     from 0 below it
   * @param length tokens of a sample, at least 1
   */
  public static NetworkBuilder tokens(int vocabulary, int length) {
    return NetworkBuilder.tokens(vocabulary, length);
  }

  static Network of(List<Layer> layers, Loss loss, Precision precision) {
    double[] values = memory(layers.stream().mapToInt(Layer::parameters).sum());
    double[] statistics = new double[layers.stream().mapToInt(Layer::statistics).sum()];
    int offset = 0;
    int statistic = 0;
    for (int i = 0; i < layers.size(); i++) {
      layers.get(i).initialize(values, offset, i);
      layers.get(i).initializeStatistics(statistics, statistic);
      offset += layers.get(i).parameters();
      statistic += layers.get(i).statistics();
    }
    return new Network(List.copyOf(layers), loss, precision, values, statistics, null);
  }

  private static double[] memory(int parameters) {
    try {
      return new double[parameters];
    } catch (OutOfMemoryError full) { // of one large array, so that there is memory to go on
      throw new IllegalArgumentException(
          "%d parameters take %d bytes, but this Java may use %d in all: use fewer neurons"
              .formatted(
                  parameters, (long) parameters * Double.BYTES, Runtime.getRuntime().maxMemory()));
    }
  }

  /** A part of a network: layers with these parameters, which are not copied. */
  static Network part(
      List<Layer> layers, Loss loss, Precision precision, double[] values, double[] statistics) {
    return new Network(List.copyOf(layers), loss, precision, values, statistics, null);
  }

  /** The same network as an engine has trained it. */
  Network trainedBy(Engine engine) {
    return new Network(layers, loss, precision, engine.parameters(), engine.statistics(), null);
  }

  /** How a sample's numbers arrive. */
  Shape in() {
    return layers.get(0).in();
  }

  /** How the outputs leave. */
  Shape out() {
    return layers.get(layers.size() - 1).out();
  }

  /** How many numbers one sample has. */
  public int inputs() {
    return in().size();
  }

  /** How many neurons the last layer has. */
  public int outputs() {
    return out().width();
  }

  /** How many weights and biases there are. */
  public int parameters() {
    return values.length;
  }

  /**
   * One weight or bias by its name in {@link #table()}, such as {@code W53} or {@code b5}.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public double parameter(String name) {
    return values[parameterIndex(name)];
  }

  /** Where a parameter stands in the flat order. */
  int parameterIndex(String name) {
    Check.notNull("a parameter's name", name, "write for example \"W31\"");
    String[] all = names().parameters();
    int index = List.of(all).indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException(
          "there is no parameter %s: they are called %s to %s, table() lists them"
              .formatted(name, all[0], all[all.length - 1]));
    }
    return index;
  }

  /** Where each layer's weights started: {@code he(1)}, or {@code given}. */
  public String start() {
    return String.join(", ", layers.stream().map(Layer::start).toList());
  }

  /**
   * The largest difference between a parameter of this network and the same one of another.
   *
   * @throws IllegalArgumentException if the other has other layers
   */
  public double largestDifference(Network other) {
    Check.notNull("another network", other, "give one of the same layers");
    if (!description().equals(other.description())) {
      throw new IllegalArgumentException(
          "parameters are compared one by one, but %s has others than %s: compare networks of the same layers"
              .formatted(other.description(), description()));
    }
    double largest = 0;
    for (int i = 0; i < values.length; i++) {
      largest = Math.max(largest, Math.abs(values[i] - other.values[i]));
    }
    return largest;
  }

  /** How batches are computed. */
  public Precision precision() {
    return precision;
  }

  /** The same network, its batches computed in another precision. */
  public Network precision(Precision value) {
    Check.notNull("a precision", value, "write Precision.FLOAT32");
    return new Network(layers, loss, value, values, statistics, update);
  }

  /**
   * The same network with the parameters of a checkpoint, in whatever precision it was written; of
   * a training that keeps its best epoch, with those, as {@link TrainingRun#network} has them.
   *
   * @throws IllegalArgumentException if it was written by other layers
   */
  public Network with(Checkpoint checkpoint) {
    Check.notNull("a checkpoint", checkpoint, "write Checkpoint.load(Path.of(...))");
    Network best = TrainingPosition.best(this, checkpoint);
    return best == null ? checkpoint.network(this) : best;
  }

  /** The same network with other parameters and statistics; the arrays are not copied. */
  Network with(double[] parameters, double[] remembered) {
    return new Network(layers, loss, precision, parameters, remembered, null);
  }

  /** The same network with other parameters; the array is not copied. */
  Network withValues(double[] parameters) {
    return new Network(layers, loss, precision, parameters, statistics, null);
  }

  /** What each layer costs to compute and to send, first layer first. */
  public List<LayerCost> costs() {
    var costs = new ArrayList<LayerCost>();
    int offset = 0;
    for (Layer layer : layers) {
      costs.add(LayerCost.of(layer, offset, precision));
      offset += layer.parameters();
    }
    return List.copyOf(costs);
  }

  /** A row a layer: its parameters, the bytes of its gradient, and the work of one sample. */
  public Table layerTable() {
    List<LayerCost> costs = costs();
    return Table.create(
        "Layers",
        StringColumn.create("layer", costs.stream().map(LayerCost::name).toList()),
        IntColumn.create("parameters", costs.stream().mapToInt(LayerCost::count).toArray()),
        LongColumn.create(
            "gradient (B)",
            costs.stream().mapToLong(c -> (long) c.count() * precision.stored().bytes()).toArray()),
        LongColumn.create(
            "forward pass (FLOP/sample)",
            costs.stream().mapToLong(LayerCost::forwardFlops).toArray()),
        LongColumn.create(
            "backward pass (FLOP/sample)",
            costs.stream().mapToLong(LayerCost::backwardFlops).toArray()));
  }

  /**
   * Computes one sample in double precision, keeping every number on the way.
   *
   * @throws IllegalArgumentException if there is not one finite number per input
   */
  public Forward forward(double... sample) {
    Check.notNull("a sample", sample, "give one number per input");
    return Forward.of(this, sample);
  }

  /**
   * One step of learning by hand: the optimiser at its beginning applies the gradient of a pass.
   * The new network's {@link #table()} shows old value, gradient and new value.
   *
   * @throws IllegalArgumentException if the pass was computed with other parameters
   */
  public Network step(Optimizer optimizer, Pass pass) {
    Check.notNull("an optimiser", optimizer, "write for example sgd(0.1)");
    Check.notNull("a pass", pass, "write forward(...).target(...).backward()");
    if (!pass.isOf(this)) {
      throw new IllegalArgumentException(
          "this pass was computed with other parameters, its gradient does not belong here:"
              + " call forward(...).target(...).backward() on this network first");
    }
    double[] gradient = pass.gradient();
    double[] next = values.clone();
    Updater.of(optimizer, Precision.FLOAT64, layers).step(next, gradient.clone());
    return new Network(
        layers, loss, precision, next, statistics, new Update(values, gradient, optimizer));
  }

  /**
   * The update that led to this network, parameter by parameter: {@code W53 = 1 - 0.01 x 0.5 =
   * 0.995}.
   *
   * @throws IllegalStateException if it was not made by {@link #step}
   */
  public Derivation explain() {
    return UpdateExplanation.of(this);
  }

  /**
   * Learning from a few samples until the loss is small, {@link SampleTraining}, or once given a
   * data set, from its batches for some epochs, {@link BatchTraining}.
   */
  public SampleTraining train(Optimizer optimizer) {
    Check.notNull("an optimiser", optimizer, "write for example sgd(0.1)");
    return new SampleTraining(this, optimizer);
  }

  /**
   * The share of rows, 0 to 1, whose largest output is the row's class; of sequences, the share of
   * all positions.
   */
  public double accuracy(Dataset data) {
    return evaluate(data).accuracy();
  }

  /** The mean loss over all rows; a sequence's loss is the mean over its positions. */
  public double loss(Dataset data) {
    return evaluate(data).loss();
  }

  /**
   * How well this network does on a data set: loss, accuracy, what it took each class for.
   *
   * @throws IllegalArgumentException if the data do not fit
   * @throws java.util.concurrent.CancellationException if the reader interrupts
   */
  public Evaluation evaluate(Dataset data) {
    return Evaluator.of(this, Check.notNull("a data set", data, TEST_ROWS));
  }

  /**
   * What a training step with a batch of so many samples keeps in memory, and what it computes.
   *
   * @param batch samples of a step, at least 1
   */
  public TrainingMemory memory(int batch, Optimizer optimizer) {
    Check.atLeast(1, "batch", batch, "write for example memory(512, sgd(0.1))");
    Check.notNull("an optimiser", optimizer, "write for example sgd(0.1)");
    return TrainingMemory.of(this, batch, optimizer);
  }

  /**
   * Checks that the data set's rows can be this network's samples.
   *
   * @throws IllegalArgumentException if features and inputs, or classes and outputs, differ
   */
  public void checkFits(Dataset data) {
    Check.notNull("a data set", data, "write for example Datasets.digits().test()");
    checkFits(data, data.size());
  }

  void checkFits(Dataset data, int rows) {
    new DataFit(this).check(data, rows);
  }

  /**
   * Checks that batches may be learned in shares of so few samples.
   *
   * @param samples at least 1
   * @throws IllegalArgumentException if batch normalisation needs more at once
   */
  public void checkShare(int samples) {
    Check.atLeast(1, "samples", samples, "write for example checkShare(2)");
    if (samples < fewestRows()) {
      throw new IllegalArgumentException(
          "batchNorm() trains on at least %d samples at once, whose spread it measures, but a share of a batch has %d: use larger batches or fewer workers, or layerNorm()"
              .formatted(fewestRows(), samples));
    }
  }

  /** How many samples of a batch a training pass needs at least. */
  int fewestRows() {
    return layers.stream().mapToInt(Layer::fewestRows).max().orElse(1);
  }

  /** The network with its weights written on it. */
  public Picture picture() {
    return NetworkPicture.of(this);
  }

  /**
   * What the first layer that learns has learned to look for: the weights of each neuron, or each
   * kernel of a {@link NetworkBuilder#conv2d}, as a square image. Blue is above 0, white 0, orange
   * below; all images share one scale.
   *
   * @param neurons to draw, from 0; without any the first 28
   * @throws IllegalArgumentException if the layer does not look at a square image of one channel,
   *     or has no such neuron
   */
  public Picture filters(int... neurons) {
    return FilterPicture.of(this, neurons);
  }

  /** A row per parameter: its value, or after {@link #step} old value, gradient and new value. */
  @Override
  public Table table() {
    return ParameterTable.of(this, update);
  }

  /** Whether samples come from a data set, and not from a worker with earlier layers. */
  boolean isFed() {
    return !(layers.get(0) instanceof Receive);
  }

  /** Whether the loss follows on the last layer, and not on another worker's. */
  boolean hasLoss() {
    return loss != LossElsewhere.INSTANCE;
  }

  /** The loss that training lowers. */
  Loss loss() {
    return loss;
  }

  List<Layer> layers() {
    return layers;
  }

  Names names() {
    return new Names(layers);
  }

  /** The live array: for reading only. */
  double[] values() {
    return values;
  }

  /** What batch normalisation remembers; likewise. */
  double[] statistics() {
    return statistics;
  }

  @Nullable Update update() {
    return update;
  }

  boolean sameValues(double[] others) {
    return Arrays.equals(values, others);
  }

  /** Layers and loss as a cell writes them: {@code inputs(2).dense(2, relu()).loss(...)}. */
  String description() {
    var text = new StringBuilder(in().source());
    layers.forEach(layer -> text.append('.').append(layer.name()));
    return text + ".loss(" + loss + ")";
  }

  /** One line: {@code inputs(2).dense(2, relu())...}, parameters and precision. */
  @Override
  public String toString() {
    return description() + ": " + values.length + " parameters, " + precision;
  }
}
