package weft.nn;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.report.Digits;
import weft.report.Tabular;
import weft.units.Check;

/**
 * A training's state at one step, from which it goes on with the same bits: parameters, what batch
 * normalisation remembers, the optimiser's memory and step number, and if {@link
 * TrainingRun#checkpoint} made it, the place in the data and the epochs so far. An immutable value.
 *
 * <pre>{@code
 * replica.checkpoint().with("epoch", "3").save(Path.of("digits.safetensors"));
 * var again = Replica.of(net, adam(0.001), Checkpoint.load(Path.of("digits.safetensors")));
 *
 * run.checkpoint().save(Path.of("run.safetensors"));
 * net.train(adam(0.001)).on(digits.train()).batch(64).epochs(20)
 *     .resuming(Checkpoint.load(Path.of("run.safetensors"))).run();
 * }</pre>
 *
 * <p>Files have the safetensors layout, so that other tools read them too: tensors {@code
 * layer1.weights}, {@code layer1.biases}, {@code optimizer.mean.layer1.weights} and so on, float32
 * or float64 as the training keeps them, and as metadata {@code format} ({@code weft-checkpoint}),
 * {@code version} (1), {@code network}, {@code precision}, {@code optimizer}, {@code step}, {@code
 * updates} (steps the optimiser has taken: less those that a loss scale skipped), {@code
 * lossScale}, {@code goodSteps}, {@code firstLoss}, the {@code sha256} of all tensors' bytes, the
 * {@code headerSha256} of the header with zeros in that place, and the caller's own strings. What
 * {@link TrainingRun#checkpoint} adds begins with {@code training.}, such as the tensors {@code
 * training.best.layer1.weights} and {@code training.history}, a row an epoch.
 */
public final class Checkpoint implements Tabular {
  private static final String FORMAT = "weft-checkpoint";
  private static final String VERSION = "1";
  private static final String MEMORY = "optimizer.";

  /** Begins the name of all that a training over a data set adds. */
  static final String TRAINING = "training.";

  private static final Set<String> OWN =
      Set.of(
          "format",
          "version",
          "network",
          "precision",
          "optimizer",
          "step",
          "updates",
          "lossScale",
          "goodSteps",
          "firstLoss",
          TensorFile.DATA_HASH,
          TensorFile.HEADER_HASH);

  private final String origin;
  private final Map<String, String> metadata;
  private final List<Tensor> tensors;
  private final Map<String, Tensor> byName = new HashMap<>();

  private Checkpoint(String origin, Map<String, String> metadata, List<Tensor> tensors) {
    this.origin = origin;
    this.metadata = Collections.unmodifiableMap(metadata);
    this.tensors = List.copyOf(tensors);
    tensors.forEach(tensor -> byName.put(tensor.name(), tensor));
  }

  /** The present state of a network at work and of its optimiser. */
  static Checkpoint of(
      Network network, Engine engine, Updater updater, int step, double firstLoss) {
    List<Tensor> tensors = tensors("", network, engine.parameters(), engine.statistics());
    List<Layers.Slot> slots = Layers.slots(network.layers());
    List<String> memories = updater.optimizer().memoryNames();
    for (int i = 0; i < memories.size(); i++) {
      for (Layers.Slot slot : slots) {
        String name = MEMORY + memories.get(i) + "." + slot.name();
        tensors.add(updater.memory(i, name, slot.from(), slot.shape()));
      }
    }
    return new Checkpoint(
        "this checkpoint", metadata(network, engine, updater, step, firstLoss), tensors);
  }

  private static Map<String, String> metadata(
      Network network, Engine engine, Updater updater, int step, double firstLoss) {
    var metadata = new LinkedHashMap<String, String>();
    metadata.put("format", FORMAT);
    metadata.put("version", VERSION);
    metadata.put("network", network.description());
    metadata.put("precision", network.precision().toString());
    metadata.put("optimizer", updater.optimizer().toString());
    metadata.put("step", String.valueOf(step));
    metadata.put("updates", String.valueOf(updater.steps()));
    metadata.put("firstLoss", String.valueOf(firstLoss));
    double[] scale = engine.lossScaleState();
    if (scale.length > 0) {
      metadata.put("lossScale", String.valueOf(scale[0]));
      metadata.put("goodSteps", String.valueOf((int) scale[1]));
    }
    return metadata;
  }

  /** Parameters and statistics of a network, their names begun by {@code prefix}. */
  static List<Tensor> parameters(String prefix, Network network) {
    return tensors(prefix, network, network.values(), network.statistics());
  }

  private static List<Tensor> tensors(
      String prefix, Network network, double[] parameters, double[] statistics) {
    boolean wide = network.precision().stored() == Precision.FLOAT64;
    var tensors = new ArrayList<Tensor>();
    for (Layers.Slot slot : Layers.slots(network.layers())) {
      tensors.add(stored(prefix, slot, parameters, wide));
    }
    for (Layers.Slot slot : Layers.statistics(network.layers())) {
      tensors.add(stored(prefix, slot, statistics, wide));
    }
    return tensors;
  }

  private static Tensor stored(String prefix, Layers.Slot slot, double[] values, boolean wide) {
    String name = prefix + slot.name();
    if (wide) {
      return Tensor.of(name, slot.shape(), values, slot.from());
    }
    float[] floats = new float[(int) Tensor.size(slot.shape())];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[slot.from() + i];
    }
    return Tensor.of(name, slot.shape(), floats, 0);
  }

  /**
   * Reads a file that {@link #save} wrote.
   *
   * @throws IllegalArgumentException if it is another kind of file, of another version, cut short
   *     or damaged
   * @throws java.io.UncheckedIOException if it cannot be read
   */
  public static Checkpoint load(Path file) {
    Check.notNull("a file", file, "write Path.of(\"digits.safetensors\")");
    TensorFile.Content content = new TensorFile(file).read(FORMAT, VERSION);
    content.metadata().keySet().removeAll(Set.of(TensorFile.DATA_HASH, TensorFile.HEADER_HASH));
    var loaded = new Checkpoint(file.toString(), content.metadata(), content.tensors());
    loaded.checkMetadata();
    return loaded;
  }

  private void checkMetadata() {
    for (String key :
        List.of("network", "precision", "optimizer", "step", "updates", "firstLoss")) {
      if (!metadata.containsKey(key)) {
        throw new IllegalArgumentException(
            "%s is no complete checkpoint: its metadata lack %s".formatted(origin, key));
      }
    }
    count("step");
    count("updates");
    number("firstLoss");
  }

  /**
   * Writes a file beside the wanted one and moves it into place, so that a reader finds the old
   * checkpoint or the new one, and never half of it.
   *
   * @throws java.io.UncheckedIOException if it cannot be written
   */
  public void save(Path file) {
    Check.notNull("a file", file, "write Path.of(\"digits.safetensors\")");
    new TensorFile(file).write(metadata, tensors);
  }

  /** Steps taken so far. */
  public int step() {
    return count("step");
  }

  /** The network, as a cell writes it. */
  public String network() {
    return text("network");
  }

  /** The optimiser, as a cell writes it. */
  public String optimizer() {
    return text("optimizer");
  }

  /** What the network computed in: {@code float32}. */
  public String precision() {
    return text("precision");
  }

  private String text(String key) {
    return metadata.getOrDefault(key, "");
  }

  /** What messages call this checkpoint: its file, if it has one. */
  String origin() {
    return origin;
  }

  /** The same with what a training over a data set needs to go on from here. */
  Checkpoint inTraining(Map<String, String> strings, List<Tensor> more) {
    var all = new LinkedHashMap<>(metadata);
    strings.forEach((key, value) -> all.put(TRAINING + key, value));
    var both = new ArrayList<>(tensors);
    both.addAll(more);
    return new Checkpoint(origin, all, both);
  }

  /** The strings that {@link #inTraining} added. */
  Map<String, String> training() {
    var strings = new LinkedHashMap<String, String>();
    metadata.forEach(
        (key, value) -> {
          if (key.startsWith(TRAINING)) {
            strings.put(key.substring(TRAINING.length()), value);
          }
        });
    return strings;
  }

  int count(String key) {
    double value = number(key);
    if (value != (int) value || value < 0) {
      throw new IllegalArgumentException(
          "%s is no checkpoint: its %s is no whole number from 0 but %s"
              .formatted(origin, key, text(key)));
    }
    return (int) value;
  }

  double number(String key) {
    try {
      return Double.parseDouble(text(key));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "%s is no checkpoint: its %s is no number but %s".formatted(origin, key, text(key)), e);
    }
  }

  /**
   * The same with a string of the caller's own, such as an epoch or a seed.
   *
   * @throws IllegalArgumentException if the key is empty or one of the checkpoint's own
   */
  public Checkpoint with(String key, String value) {
    Check.notNull("a key", key, "write for example with(\"epoch\", \"3\")");
    Check.notNull("a value", value, "write for example with(\"epoch\", \"3\")");
    if (key.isBlank() || isOwn(key)) {
      throw new IllegalArgumentException(
          "a checkpoint writes %s itself: choose another key, as with(\"epoch\", \"3\")"
              .formatted(key.isBlank() ? "strings without a key" : key));
    }
    var more = new LinkedHashMap<>(metadata);
    more.put(key, value);
    return new Checkpoint(origin, more, tensors);
  }

  private static boolean isOwn(String key) {
    return OWN.contains(key) || key.startsWith(TRAINING);
  }

  /** A string that {@link #with} added; empty if there is none. */
  public Optional<String> value(String key) {
    Check.notNull("a key", key, "write for example value(\"epoch\")");
    return isOwn(key) ? Optional.empty() : Optional.ofNullable(metadata.get(key));
  }

  /** All strings, the checkpoint's own and the caller's. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /** Checks that a training with this network and optimiser would go on as it was. */
  void checkContinues(Network network, Optimizer optimizer) {
    check("network", network.description(), "describe the same network");
    check("precision", network.precision().toString(), "write precision(...) as it was");
    check(
        "optimizer",
        optimizer.toString(),
        "give the same optimiser, or begin anew from its parameters by network.with(checkpoint)");
  }

  private void check(String key, String given, String remedy) {
    if (!text(key).equals(given)) {
      throw new IllegalArgumentException(
          "%s was written with the %s %s, but is to go on with %s: %s"
              .formatted(
                  origin, key.equals("optimizer") ? "optimiser" : key, text(key), given, remedy));
    }
  }

  /** The parameters, if they are those of a network of these layers. */
  double[] parameters(Network network) {
    checkLayers(network);
    return gathered("", Layers.slots(network.layers()), network.parameters());
  }

  /** What batch normalisation remembers, likewise. */
  double[] statistics(Network network) {
    checkLayers(network);
    return gathered("", Layers.statistics(network.layers()), network.statistics().length);
  }

  /** The network with the last parameters and statistics. */
  Network network(Network network) {
    return network.with(parameters(network), statistics(network));
  }

  /** Whether there are tensors whose names begin so. */
  boolean hasTensorsOf(String prefix) {
    return byName.keySet().stream().anyMatch(name -> name.startsWith(prefix));
  }

  /** The network with the parameters and statistics whose names begin so. */
  Network network(String prefix, Network network) {
    return network.with(
        gathered(prefix, Layers.slots(network.layers()), network.parameters()),
        gathered(prefix, Layers.statistics(network.layers()), network.statistics().length));
  }

  private void checkLayers(Network network) {
    String mine = layers(network());
    String others = layers(network.description());
    if (!mine.equals(others)) {
      throw new IllegalArgumentException(
          "%s holds the parameters of %s, but the network is %s: describe the same layers"
              .formatted(origin, mine, others));
    }
  }

  private static String layers(String description) {
    int end = description.lastIndexOf(".loss(");
    return end < 0 ? description : description.substring(0, end);
  }

  private double[] gathered(String prefix, List<Layers.Slot> slots, int count) {
    double[] values = new double[count];
    for (Layers.Slot slot : slots) {
      tensor(prefix + slot.name(), slot.shape()).copyTo(values, slot.from());
    }
    return values;
  }

  Tensor tensor(String name, int[] shape) {
    @Nullable Tensor found = byName.get(name);
    if (found == null || !Arrays.equals(found.shape(), shape)) {
      throw new IllegalArgumentException(
          "%s has %s, but the network needs one of shape %s: describe the network it was saved from"
              .formatted(
                  origin,
                  found == null
                      ? "no tensor " + name
                      : "a tensor %s of shape %s".formatted(name, Arrays.toString(found.shape())),
                  Arrays.toString(shape)));
    }
    return found;
  }

  /** Gives optimiser and loss scale back what they remembered. */
  void restore(Network network, Engine engine, Updater updater) {
    List<String> memories = updater.optimizer().memoryNames();
    for (int i = 0; i < memories.size(); i++) {
      for (Layers.Slot slot : Layers.slots(network.layers())) {
        String name = MEMORY + memories.get(i) + "." + slot.name();
        updater.restore(i, tensor(name, slot.shape()), slot.from());
      }
    }
    updater.steps(count("updates"));
    if (metadata.containsKey("lossScale")) {
      engine.restoreLossScale(new double[] {number("lossScale"), number("goodSteps")});
    }
  }

  /** Mean loss of the training's first batch; NaN before it. */
  double firstLoss() {
    return number("firstLoss");
  }

  private long bytes() {
    return tensors.stream().mapToLong(tensor -> tensor.data().length).sum();
  }

  /** A row a tensor: name, shape, format and size. */
  @Override
  public Table table() {
    return Table.create(
        "Checkpoint after step " + step(),
        StringColumn.create("tensor", tensors.stream().map(Tensor::name).toList()),
        StringColumn.create(
            "shape",
            tensors.stream()
                .map(
                    tensor ->
                        Arrays.stream(tensor.shape())
                            .mapToObj(String::valueOf)
                            .collect(Collectors.joining(" x ")))
                .toList()),
        StringColumn.create(
            "format", tensors.stream().map(t -> t.wide() ? "float64" : "float32").toList()),
        LongColumn.create(
            "size (B)", tensors.stream().mapToLong(tensor -> tensor.data().length).toArray()));
  }

  /** One line: network, optimiser, step and size. */
  @Override
  public String toString() {
    return "checkpoint of %s, %s, with %s after step %d: %s, %s"
        .formatted(
            network(),
            precision(),
            optimizer(),
            step(),
            Digits.counted(tensors.size(), "tensor"),
            Digits.counted(bytes(), "byte"));
  }
}
