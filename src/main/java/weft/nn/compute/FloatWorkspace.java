package weft.nn.compute;

/**
 * What the stages of one network share while they work: parameters, gradient, threads, and what the
 * present step is.
 */
public final class FloatWorkspace {
  private static final float[] NONE = {};

  private final float[] parameters;
  private final float[] gradient;
  private final float[] statistics;
  private final int rows;
  private final boolean learning;
  private final boolean keepingSums;
  private final Team team;
  private float[][] scratch = {};
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
   * @param keepingSums whether z must stay readable beside a
   */
  public FloatWorkspace(
      float[] parameters,
      float[] gradient,
      float[] statistics,
      int rows,
      boolean learning,
      boolean keepingSums,
      Team team) {
    this.parameters = parameters;
    this.gradient = gradient;
    this.statistics = statistics;
    this.rows = rows;
    this.learning = learning;
    this.keepingSums = keepingSums;
    this.team = team;
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
    return keepingSums;
  }

  /** Who shares the work. */
  public Team team() {
    return team;
  }

  /** New memory for {@link #rows()} samples of {@code width} numbers. */
  public float[] perSample(int width) {
    return new float[Math.multiplyExact(rows, width)];
  }

  /** Likewise for a gradient: nothing if there will be no backward pass. */
  public float[] gradientPerSample(int width) {
    return learning ? perSample(width) : NONE;
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
    return training;
  }

  /** What this step's random draws depend on. */
  public long seed() {
    return seed;
  }

  /** Where in the whole batch the present rows begin. */
  public int firstRow() {
    return firstRow;
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
