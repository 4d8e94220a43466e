package weft.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weft.nn.compute.Exchange;
import weft.nn.compute.FloatLosses;
import weft.nn.compute.FloatRounder;
import weft.nn.compute.FloatStage;
import weft.nn.compute.FloatTargets;
import weft.nn.compute.FloatVectors;
import weft.nn.compute.FloatWorkspace;
import weft.nn.compute.LossFunction;
import weft.nn.compute.Peers;
import weft.nn.compute.Phase;
import weft.nn.compute.Team;
import weft.nn.compute.Tiles;

/** A network at work in single precision. */
final class FloatEngine extends Engine {
  private final Network network;
  private final int rows;
  private final Use use;
  private final int inputs;
  private final int width;
  private final int positions;
  private final LossFunction loss;
  private final @Nullable FloatRounder rounder;
  private final float[] parameters;

  /** What the layers compute with: the parameters themselves, or a rounded copy. */
  private final float[] working;

  private final float[] gradient;
  private final float[] statistics;
  private final float[] input;
  private final float[] inputGradient;
  private final float[][] received;
  private final FloatTargets targets;
  private final FloatWorkspace work;
  private final List<FloatStage> stages = new ArrayList<>();
  private final Team.Piece loadPiece = this::loadPiece;
  private @Nullable Dataset loaded;
  private int[] loadedRows = {};
  private int loadedFrom;
  private int loadedCount;
  private int loadShares;
  private boolean stale = true;

  FloatEngine(
      Network network, int rows, Use use, Team team, Peers peers, @Nullable FloatRounder rounder) {
    this(
        network,
        rows,
        use,
        team,
        peers,
        rounder,
        copy(network.values()),
        new float[use == Use.EVALUATE ? 0 : network.parameters()],
        copy(network.statistics()));
  }

  private FloatEngine(
      Network network,
      int rows,
      Use use,
      Team team,
      Peers peers,
      @Nullable FloatRounder rounder,
      float[] parameters,
      float[] gradient,
      float[] statistics) {
    this.network = network;
    this.rows = rows;
    this.use = use;
    this.rounder = rounder;
    this.parameters = parameters;
    working = rounder == null ? parameters : new float[parameters.length];
    this.gradient = gradient;
    this.statistics = statistics;
    inputs = network.in().size();
    width = network.out().width();
    positions = network.out().positions();
    loss = network.loss().function();
    work =
        new FloatWorkspace(
            working, gradient, statistics, rows, use != Use.EVALUATE, use.keeping(), team, peers);
    input = work.perSample(inputs);
    boolean explaining = use == Use.EXPLAIN && !network.in().isTokens();
    inputGradient = explaining ? work.gradientPerSample(inputs) : new float[0];
    received = new float[network.layers().size()][0];
    targets = new FloatTargets(rows * positions, width);
    build(network.layers());
  }

  private void build(List<Layer> layers) {
    int offset = 0;
    int statistic = 0;
    float[] in = input;
    float[] inGradient = inputGradient.length > 0 ? inputGradient : null;
    for (Layer layer : layers) {
      var stage = layer.floatStage(work, offset, statistic, in, inGradient);
      stages.add(stage);
      offset += layer.parameters();
      statistic += layer.statistics();
      in = stage.outputs();
      inGradient = stage.outputGradient();
    }
  }

  private static float[] copy(double[] values) {
    float[] copy = new float[values.length];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = (float) values[i];
    }
    return copy;
  }

  private static double[] doubles(float[] values, int count) {
    double[] copy = new double[count];
    for (int i = 0; i < count; i++) {
      copy[i] = values[i];
    }
    return copy;
  }

  /** How many numbers of a buffer belong to so many samples. */
  private int used(float[] buffer, int count) {
    return buffer.length / rows * count;
  }

  private FloatStage last() {
    return stages.get(stages.size() - 1);
  }

  @Override
  int rows() {
    return rows;
  }

  @Override
  Engine resized(int more) {
    return new FloatEngine(
        network, more, use, work.team(), work.peers(), rounder, parameters, gradient, statistics);
  }

  @Override
  Engine copy(Team team) {
    var copy =
        new FloatEngine(
            network,
            1,
            use,
            team,
            work.peers(),
            rounder == null ? null : rounder.anew(),
            parameters.clone(),
            new float[gradient.length],
            statistics.clone());
    copy.restoreLossScale(lossScaleState());
    return copy;
  }

  @Override
  boolean isFinite() {
    for (float parameter : parameters) {
      if (!Float.isFinite(parameter)) {
        return false;
      }
    }
    return true;
  }

  @Override
  Engine evaluating(int more) {
    return new FloatEngine(
        network,
        more,
        Use.EVALUATE,
        work.team(),
        work.peers(),
        rounder,
        parameters,
        gradient,
        statistics);
  }

  @Override
  void load(Dataset data, int[] indices, int from, int to) {
    if (network.isFed()) {
      loaded = data;
      loadedRows = indices;
      loadedFrom = from;
      loadedCount = to - from;
      loadShares = Tiles.shares(loadedCount, inputs);
      work.team().run(loadShares, loadPiece);
    }
    for (int i = from; i < to && network.hasLoss(); i++) {
      data.loadTarget(indices[i], targets, (i - from) * positions);
    }
  }

  private void loadPiece(int index, int lane) {
    int end = Tiles.share(index + 1, loadShares, loadedCount);
    for (int row = Tiles.share(index, loadShares, loadedCount); row < end; row++) {
      if (loaded != null) {
        loaded.load(loadedRows[loadedFrom + row], input, row * inputs);
      }
    }
  }

  @Override
  void load(int row, double[] in, double[] out) {
    for (int i = 0; i < in.length; i++) {
      input[row * inputs + i] = (float) in[i];
    }
    for (int i = 0; i < out.length; i++) {
      targets.value(row * positions + i / width, i % width, (float) out[i]);
    }
  }

  @Override
  void forward(int count, boolean training, long stepSeed, int firstRow) {
    work.begin(training, stepSeed, firstRow);
    if (rounder != null && stale) {
      rounder.weights(parameters, working);
      stale = use == Use.EVALUATE; // its parameters may be another engine's, which learns
    }
    for (int i = 0; i < stages.size(); i++) {
      stages.get(i).forward(count);
      work.peers().worked(i, Phase.FORWARD, count);
      if (rounder != null && i < stages.size() - 1) {
        float[] outputs = stages.get(i).outputs();
        rounder.outputs(outputs, used(outputs, count));
      }
    }
  }

  @Override
  double loss(int count) {
    var last = last();
    int all = count * positions;
    return FloatLosses.sum(loss, last.sums(), last.outputs(), targets, all, width) / positions;
  }

  @Override
  void backward(int count, double scale, boolean adding) {
    work.adding(adding);
    double lossScale = lossScale();
    if (adding && lossScale != 1) {
      FloatVectors.scale(gradient, lossScale);
    }
    lossGradient(count, scale * lossScale);
    for (int i = stages.size() - 1; i >= 0; i--) {
      if (rounder != null) {
        float[] outputGradient = stages.get(i).outputGradient();
        rounder.outputGradient(outputGradient, used(outputGradient, count));
      }
      if (use == Use.EXPLAIN) {
        received[i] = stages.get(i).outputGradient().clone();
      }
      stages.get(i).backward(count);
      work.peers().worked(i, Phase.BACKWARD, count);
    }
    if (lossScale != 1) {
      FloatVectors.scale(gradient, 1 / lossScale);
    }
  }

  private void lossGradient(int count, double scale) {
    var last = last();
    FloatLosses.gradient(
        loss,
        last.outputs(),
        targets,
        last.outputGradient(),
        scale / positions,
        count * positions,
        width);
  }

  @Override
  void backwardToInputs(int count, double scale, boolean adding) {
    work.adding(adding);
    lossGradient(count, scale);
    for (int i = stages.size() - 1; i >= 0; i--) {
      stages.get(i).backwardToInputs(count);
      work.peers().worked(i, Phase.TO_INPUTS, count);
    }
  }

  @Override
  void backwardToWeights(int count, boolean adding) {
    work.adding(adding);
    for (int i = stages.size() - 1; i >= 0; i--) {
      stages.get(i).backwardToWeights(count);
      work.peers().worked(i, Phase.TO_WEIGHTS, count);
    }
  }

  @Override
  void exchangeGradient(Exchange what) {
    if (gradient.length > 0) {
      work.peers().exchange(what, gradient, gradient.length);
    }
  }

  @Override
  void exchangeGradient(Exchange what, int[] places) {
    exchange(what, gradient, places);
  }

  @Override
  void exchangeParameters(Exchange what, int[] places) {
    exchange(what, parameters, places);
  }

  private void exchange(Exchange what, float[] all, int[] places) {
    if (places.length > 0) {
      float[] some = taken(all, places);
      work.peers().exchange(what, some, some.length);
      put(some, all, places);
    }
  }

  @Override
  void updateSome(Updater updater, int[] places) {
    float[] own = taken(parameters, places);
    updater.step(own, taken(gradient, places));
    put(own, parameters, places);
  }

  private static float[] taken(float[] from, int[] places) {
    float[] some = new float[places.length];
    for (int i = 0; i < some.length; i++) {
      some[i] = from[places[i]];
    }
    return some;
  }

  private static void put(float[] some, float[] to, int[] places) {
    for (int i = 0; i < some.length; i++) {
      to[places[i]] = some[i];
    }
  }

  @Override
  Held held() {
    return new Held(
        parameters.length, gradient.length, work.keptNumbers(), work.sharedNumbers(), work.given());
  }

  @Override
  double output(int row, int index) {
    return last().outputs()[row * positions * width + index];
  }

  @Override
  double[] parameters() {
    return doubles(parameters, parameters.length);
  }

  @Override
  void parameter(int index, double value) {
    parameters[index] = (float) value;
    stale = true;
  }

  @Override
  double[] statistics() {
    return doubles(statistics, statistics.length);
  }

  @Override
  double[] gradientCopy() {
    return doubles(gradient, gradient.length);
  }

  @Override
  Gradient gradient() {
    return Gradient.of(gradient);
  }

  @Override
  void update(Updater updater) {
    if (rounder == null || rounder.accepts(gradient)) {
      updater.step(parameters, gradient);
      stale = true;
    }
  }

  @Override
  double lossScale() {
    return rounder == null ? 1 : rounder.lossScale();
  }

  @Override
  double[] lossScaleState() {
    return rounder == null ? new double[0] : rounder.state();
  }

  @Override
  void restoreLossScale(double[] state) {
    if (rounder != null) {
      rounder.restore(state);
    }
  }

  @Override
  void clearGradient() {
    Arrays.fill(gradient, 0);
  }

  @Override
  double[] sums(int layer) {
    return first(stages.get(layer).sums());
  }

  @Override
  double[] outputs(int layer) {
    return first(stages.get(layer).outputs());
  }

  @Override
  double[] outputGradient(int layer) {
    return first(stages.get(layer).outputGradient());
  }

  @Override
  double[] receivedGradient(int layer) {
    return first(received[layer]);
  }

  @Override
  double[] inputGradient() {
    return first(inputGradient);
  }

  private double[] first(float[] values) {
    return doubles(values, values.length / rows);
  }
}
