package weft.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.nn.compute.Team;
import weft.report.Picture;
import weft.report.Tabular;
import weft.sim.Interruption;
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

  /** Rows evaluated at once. */
  private static final int EVALUATED = 128;

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
    double[] values = new double[layers.stream().mapToInt(Layer::parameters).sum()];
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
    Check.notNull("a parameter's name", name, "write for example \"W31\"");
    String[] all = names().parameters();
    int index = List.of(all).indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException(
          "there is no parameter %s: they are called %s to %s, table() lists them"
              .formatted(name, all[0], all[all.length - 1]));
    }
    return values[index];
  }

  /** Where each layer's weights started: {@code he(1)}, or {@code given}. */
  public String start() {
    return String.join(", ", layers.stream().map(Layer::start).toList());
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
            "gradient (B)", costs.stream().mapToLong(LayerCost::weightBytes).toArray()),
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
    Updater.of(optimizer, Precision.FLOAT64, next.length).step(next, gradient.clone());
    return new Network(layers, loss, precision, next, statistics, new Update(values, gradient));
  }

  /** Learning from a few samples until the loss is small: {@link SampleTraining}. */
  public SampleTraining train(Optimizer optimizer) {
    Check.notNull("an optimiser", optimizer, "write for example sgd(0.1)");
    return new SampleTraining(this, optimizer);
  }

  /**
   * The share of rows, 0 to 1, whose largest output is the row's class; of sequences, the share of
   * all positions.
   */
  public double accuracy(Dataset data) {
    long right = evaluate(Check.notNull("a data set", data, TEST_ROWS)).right();
    return right / ((double) data.size() * data.positions());
  }

  /** The mean loss over all rows; a sequence's loss is the mean over its positions. */
  public double loss(Dataset data) {
    return evaluate(Check.notNull("a data set", data, TEST_ROWS)).loss() / data.size();
  }

  private record Evaluation(double loss, long right) {}

  private Evaluation evaluate(Dataset data) {
    checkFits(data, data.size());
    try (var team = Team.ofAllCores()) {
      var engine = Engine.of(this, precision, EVALUATED, Engine.Use.EVALUATE, team);
      int[] rows = IntStream.range(0, data.size()).toArray();
      double sum = 0;
      long right = 0;
      for (int at = 0; at < rows.length; at += EVALUATED) {
        Interruption.check("evaluating, row %d of %d".formatted(at, rows.length));
        int end = Math.min(rows.length, at + EVALUATED);
        engine.load(data, rows, at, end);
        engine.forward(end - at);
        sum += engine.loss(end - at);
        for (int i = at; i < end; i++) {
          right += right(engine, i - at, data, i);
        }
      }
      return new Evaluation(sum, right);
    }
  }

  /** How many positions of a row are predicted right. */
  private int right(Engine engine, int loaded, Dataset data, int row) {
    int right = 0;
    for (int p = 0; p < data.positions(); p++) {
      right += engine.predicted(loaded, p, outputs()) == data.label(row, p) ? 1 : 0;
    }
    return right;
  }

  /**
   * Checks that the data set's rows can be this network's samples.
   *
   * @throws IllegalArgumentException if features and inputs, or classes and outputs, differ
   */
  public void checkFits(Dataset data) {
    checkFits(data, data.size());
  }

  void checkFits(Dataset data, int rows) {
    Check.notNull("a data set", data, "write for example Datasets.digits().test()");
    if (data.features() != inputs() && in().isTokens()) {
      throw new IllegalArgumentException(
          "%s expects %d tokens, but the data set %s has %d features: begin with Network.tokens(%d, %d)"
              .formatted(
                  layers.get(0).name(),
                  inputs(),
                  data.name(),
                  data.features(),
                  in().vocabulary(),
                  data.features()));
    }
    if (data.features() != inputs()) {
      throw new IllegalArgumentException(
          ("dense(%d) expects %d inputs, got a batch of shape [%d, %d]: the data set %s has %d"
                  + " features, so begin with Network.inputs(%d)")
              .formatted(
                  layers.get(0).out().width(),
                  inputs(),
                  rows,
                  data.features(),
                  data.name(),
                  data.features(),
                  data.features()));
    }
    if (data.positions() != out().positions()) {
      throw new IllegalArgumentException(
          "the network predicts %d classes a sample, but the rows of %s have %d: %s"
              .formatted(
                  out().positions(),
                  data.name(),
                  data.positions(),
                  data.positions() == 1
                      ? "put lastStep() before the last layer"
                      : "let every step of the sequence reach the last layer"));
    }
    if (data.classes() != outputs()) {
      throw new IllegalArgumentException(
          "%s ends in %d outputs, but the data set %s has %d classes: give the last layer %d neurons"
              .formatted(
                  layers.get(layers.size() - 1).name(),
                  outputs(),
                  data.name(),
                  data.classes(),
                  data.classes()));
    }
  }

  /** The network with its weights written on it. */
  public Picture picture() {
    return NetworkPicture.of(this);
  }

  /** A row per parameter: its value, or after {@link #step} old value, gradient and new value. */
  @Override
  public Table table() {
    return ParameterTable.of(this, update);
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

  /**
   * A layer whose sums are to be written out.
   *
   * @throws IllegalStateException if it is not dense
   */
  Dense dense(int layer) {
    if (layers.get(layer) instanceof Dense dense) {
      return dense;
    }
    throw new IllegalStateException(
        "only dense layers are written out and drawn, but layer %d is %s"
            .formatted(layer + 1, layers.get(layer).name()));
  }

  boolean sameValues(double[] others) {
    return Arrays.equals(values, others);
  }

  /** One line: {@code inputs(2).dense(2, relu())...}, parameters and precision. */
  @Override
  public String toString() {
    var text = new StringBuilder(in().beginning());
    layers.forEach(layer -> text.append('.').append(layer.name()));
    return text + ".loss(" + loss + "): " + values.length + " parameters, " + precision;
  }
}
