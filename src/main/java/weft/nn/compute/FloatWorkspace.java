package weft.nn.compute;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the stages of one network share while they work: parameters, gradient, threads, and what the
 * present step is.
 */
public final class FloatWorkspace {
  private static final float[] NONE = {};

  /** Longest array of a Java virtual machine. */
  private static final int MOST_NUMBERS = Integer.MAX_VALUE - 8;

  private final float[] parameters;
  private final float[] gradient;
  private final float[] statistics;
  private final int rows;
  private final boolean learning;
  private final Keeping keeping;
  private final Team team;
  private final Peers peers;
  private final FloatWorkspace root;
  private final List<float[]> passed;
  private final List<float[]> held;
  private final float[][] shared = {NONE, NONE, NONE, NONE};
  private float[][] scratch = {};
  private long given;
  private long kept;
  private boolean training;
  private boolean adding;
  private long seed;
  private int firstRow;

  /**
   * A new one, made once for a network.
   *
   * @param parameters all layers' weights and biases
   * @param gradient as long as {@code parameters}; empty if {@code learning} is false
   * @param statistics what batch normalisation remembers of earlier batches
   * @param rows most samples of one forward pass
   * @param learning whether backward passes will follow
   * @param keeping what must stay readable
   * @param peers with whom layers that are cut over several workers exchange numbers
   */
  public FloatWorkspace(
      float[] parameters,
      float[] gradient,
      float[] statistics,
      int rows,
      boolean learning,
      Keeping keeping,
      Team team,
      Peers peers) {
    this.parameters = parameters;
    this.gradient = gradient;
    this.statistics = statistics;
    this.rows = rows;
    this.learning = learning;
    this.keeping = keeping;
    this.team = team;
    this.peers = peers;
    root = this;
    passed = new ArrayList<>();
    held = new ArrayList<>();
  }

  private FloatWorkspace(FloatWorkspace root, float[] parameters, float[] gradient) {
    this.root = root;
    this.parameters = parameters;
    this.gradient = gradient;
    statistics = root.statistics;
    rows = root.rows;
    learning = root.learning;
    keeping = root.keeping;
    team = root.team;
    peers = root.peers;
    passed = root.passed;
    held = root.held;
  }

  /**
   * This workspace as a layer sees it whose parameters and gradient are not among the network's:
   * the gradient is overwritten in each pass.
   */
  public FloatWorkspace over(float[] others, float[] otherGradient) {
    return new FloatWorkspace(this, others, otherGradient);
  }

  /**
   * An array for all layers, each of which overwrites what another had in it.
   *
   * @param index 0 and 1 for a layer's parameters and their gradient, 2 and 3 for what steps of
   *     other workers give and its gradient
   * @param numbers the same in all calls
   */
  public float[] shared(int index, int numbers) {
    if (root.shared[index].length != numbers) {
      root.shared[index] = new float[numbers];
    }
    return root.shared[index];
  }

  /** How many numbers {@link #shared} has given out. */
  public long sharedNumbers() {
    long numbers = 0;
    for (float[] array : root.shared) {
      numbers += array.length;
    }
    return numbers;
  }

  /** An array for weights that a layer keeps beside the network's parameters. */
  public float[] kept(int numbers) {
    root.kept += numbers;
    return new float[numbers];
  }

  /** How many numbers {@link #kept} has given out. */
  public long keptNumbers() {
    return root.kept;
  }

  /** All layers' weights and biases. */
  public float[] parameters() {
    return parameters;
  }

  /** The gradient of {@link #parameters()}. */
  public float[] gradient() {
    return gradient;
  }

  /** Running means and variances of batch normalisation. */
  public float[] statistics() {
    return statistics;
  }

  /** Most samples of one forward pass. */
  public int rows() {
    return rows;
  }

  /** Whether backward passes will follow. */
  public boolean learning() {
    return learning;
  }

  /** Whether z must stay readable beside a. */
  public boolean keepsSums() {
    return keeping == Keeping.ALL;
  }

  /** Who shares the work. */
  public Team team() {
    return team;
  }

  /** The workers with the other parts of this network. */
  public Peers peers() {
    return peers;
  }

  /** How many numbers {@link #perSample} has given out. */
  public long given() {
    return root.given;
  }

  /**
   * New memory for {@link #rows()} samples of {@code width} numbers.
   *
   * @throws IllegalArgumentException if there is not as much
   */
  public float[] perSample(int width) {
    long numbers = (long) rows * width;
    if (numbers > MOST_NUMBERS) {
      throw tooLarge(numbers, width, "a Java array holds " + MOST_NUMBERS + " numbers at most");
    }
    try {
      root.given += numbers;
      return new float[(int) numbers];
    } catch (OutOfMemoryError full) { // of one large array, so that there is memory to go on
      long most = Runtime.getRuntime().maxMemory();
      throw tooLarge(numbers, width, "this Java may use " + most + " bytes in all");
    }
  }

  private IllegalArgumentException tooLarge(long numbers, int width, String limit) {
    return new IllegalArgumentException(
        "a layer with %d numbers for each of %d samples takes %d bytes, but %s: use smaller batches or a smaller network"
            .formatted(width, rows, numbers * Float.BYTES, limit));
  }

  /** Likewise for a gradient: nothing if there will be no backward pass. */
  public float[] gradientPerSample(int width) {
    return learning ? perSample(width) : NONE;
  }

  /**
   * Memory for a gradient that one layer passes to the layer before it. It is dead once that layer
   * has been through, so other layers get the same: few buffers stay in the cache, and many would
   * not. Where gradients must stay readable, each is new.
   *
   * @param inGradient what the layer writes while it reads this, and so is not given; null if
   *     nothing
   */
  public float[] passedGradient(int width, float @Nullable [] inGradient) {
    if (keeping != Keeping.NOTHING || !learning) {
      return gradientPerSample(width);
    }
    for (float[] buffer : passed) {
      if (buffer.length == (long) rows * width && buffer != inGradient && !isHeld(buffer)) {
        return buffer;
      }
    }
    float[] buffer = perSample(width);
    passed.add(buffer);
    return buffer;
  }

  private boolean isHeld(float[] buffer) {
    for (float[] other : held) {
      if (other == buffer) {
        return true;
      }
    }
    return false;
  }

  /** Gives a gradient to no other layer until {@link #release}: it is read after they worked. */
  public void hold(float[] passedGradient) {
    held.add(passedGradient);
  }

  /** Ends the latest {@link #hold}. */
  public void release() {
    held.remove(held.size() - 1);
  }

  /** Makes sure that {@link #scratch} holds at least so many numbers; called by constructors. */
  public void reserveScratch(int numbers) {
    if (scratch.length == 0 || scratch[0].length < numbers) {
      scratch = new float[team.lanes()][numbers];
    }
  }

  /** Memory of one thread, whose content does not outlive a {@link Team.Piece}. */
  public float[] scratch(int lane) {
    return scratch[lane];
  }

  /**
   * Begins a forward pass.
   *
   * @param inTraining whether dropout drops and batch normalisation uses the batch's own statistics
   * @param stepSeed what this step's random draws depend on
   * @param first where in the whole batch these rows begin, so that a sample's draws do not depend
   *     on how the batch is shared out
   */
  public void begin(boolean inTraining, long stepSeed, int first) {
    training = inTraining;
    seed = stepSeed;
    firstRow = first;
  }

  /** Whether backward passes add to the gradient; otherwise they overwrite it. */
  public void adding(boolean value) {
    adding = value;
  }

  /** Whether dropout drops and batch normalisation uses the batch's own statistics. */
  public boolean training() {
    return root.training;
  }

  /** What this step's random draws depend on. */
  public long seed() {
    return root.seed;
  }

  /** Where in the whole batch the present rows begin. */
  public int firstRow() {
    return root.firstRow;
  }

  /** By what the gradient so far is multiplied before this pass adds to it: 0 or 1. */
  public float keep() {
    return adding ? 1 : 0;
  }

  /** Sets a part of the gradient to 0, unless this pass adds to it. */
  public void beginGradient(int offset, int count) {
    if (!adding) {
      java.util.Arrays.fill(gradient, offset, offset + count, 0);
    }
  }
}
