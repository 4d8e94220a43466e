package weft.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import weft.nn.compute.DoubleResidual;
import weft.nn.compute.DoubleStage;
import weft.nn.compute.DoubleWorkspace;
import weft.nn.compute.FloatResidual;
import weft.nn.compute.FloatStage;
import weft.nn.compute.FloatWorkspace;

/**
 * Adds what some layers make of the input to the input itself: y = x + f(x).
 *
 * @param inside the layers of f, at least one; the last gives the shape that the first takes
 * @see <a href="https://doi.org/10.1109/CVPR.2016.90">He et al., Deep Residual Learning for Image
 *     Recognition, 2016</a>
 */
record Residual(List<Layer> inside) implements Layer {
  /** Layers inside have streams of their own, apart from those of a network's first layers. */
  private static final int STREAMS = 1000;

  @Override
  public Shape in() {
    return inside.get(0).in();
  }

  @Override
  public Shape out() {
    return in();
  }

  @Override
  public String name() {
    var text = new StringBuilder("residual(b -> b");
    inside.forEach(layer -> text.append('.').append(layer.name()));
    return text + ")";
  }

  /** Named with the number of their layer inside, from 1: {@code 2.weights}. */
  @Override
  public List<ParameterGroup> groups() {
    var groups = new ArrayList<ParameterGroup>();
    for (int i = 0; i < inside.size(); i++) {
      for (ParameterGroup g : inside.get(i).groups()) {
        String name = (i + 1) + "." + g.name();
        groups.add(new ParameterGroup(name, g.rows(), g.columns(), g.decays()));
      }
    }
    return List.copyOf(groups);
  }

  @Override
  public int fewestRows() {
    return inside.stream().mapToInt(Layer::fewestRows).max().orElse(1);
  }

  @Override
  public int statistics() {
    return inside.stream().mapToInt(Layer::statistics).sum();
  }

  @Override
  public void initializeStatistics(double[] statistics, int offset) {
    int at = offset;
    for (Layer layer : inside) {
      layer.initializeStatistics(statistics, at);
      at += layer.statistics();
    }
  }

  @Override
  public String start() {
    var text = new StringJoiner(", ");
    inside.stream().filter(layer -> layer.parameters() > 0).forEach(l -> text.add(l.start()));
    return text.toString();
  }

  @Override
  public void initialize(double[] parameters, int offset, int index) {
    int at = offset;
    for (int i = 0; i < inside.size(); i++) {
      inside.get(i).initialize(parameters, at, STREAMS * (index + 1) + i);
      at += inside.get(i).parameters();
    }
  }

  @Override
  public Layer with(Initializer initializer) {
    return new Residual(inside.stream().map(layer -> layer.with(initializer)).toList());
  }

  @Override
  public LayerExplanation explanation() {
    return new ResidualExplanation(inside);
  }

  @Override
  public long forwardFlops() {
    return in().size() + inside.stream().mapToLong(Layer::forwardFlops).sum();
  }

  @Override
  public long backwardFlops() {
    return in().size() + inside.stream().mapToLong(Layer::backwardFlops).sum();
  }

  @Override
  public long laterFlops() {
    return inside.stream().mapToLong(Layer::laterFlops).sum();
  }

  /** The sum takes the place of the last layer's outputs, unless these are needed too. */
  @Override
  public long kept() {
    long all = inside.stream().mapToLong(Layer::kept).sum();
    return inside.get(inside.size() - 1).readsOutputs() ? all + out().size() : all;
  }

  @Override
  public FloatStage floatStage(
      FloatWorkspace work, int offset, int statistics, float[] from, float @Nullable [] gradient) {
    var stages = new ArrayList<FloatStage>();
    int parameter = offset;
    int statistic = statistics;
    float[] in = from;
    float[] inGradient = gradient;
    float[] outputGradient = work.passedGradient(in().size(), gradient);
    work.hold(outputGradient);
    for (Layer layer : inside) {
      var stage = layer.floatStage(work, parameter, statistic, in, inGradient);
      stages.add(stage);
      parameter += layer.parameters();
      statistic += layer.statistics();
      in = stage.outputs();
      inGradient = stage.outputGradient();
    }
    work.release();
    return new FloatResidual(work, in().size(), stages, from, gradient, outputGradient);
  }

  @Override
  public DoubleStage doubleStage(
      DoubleWorkspace work,
      int offset,
      int statistics,
      double[] from,
      double @Nullable [] gradient) {
    var stages = new ArrayList<DoubleStage>();
    int parameter = offset;
    int statistic = statistics;
    double[] in = from;
    double[] inGradient = gradient;
    double[] outputGradient = work.passedGradient(in().size(), gradient);
    work.hold(outputGradient);
    for (Layer layer : inside) {
      var stage = layer.doubleStage(work, parameter, statistic, in, inGradient);
      stages.add(stage);
      parameter += layer.parameters();
      statistic += layer.statistics();
      in = stage.outputs();
      inGradient = stage.outputGradient();
    }
    work.release();
    return new DoubleResidual(work, in().size(), stages, from, gradient, outputGradient);
  }
}
