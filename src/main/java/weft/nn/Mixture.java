package weft.nn;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weft.nn.compute.DoubleExperts;
import weft.nn.compute.DoubleStage;
import weft.nn.compute.DoubleWorkspace;
import weft.nn.compute.FloatExperts;
import weft.nn.compute.FloatStage;
import weft.nn.compute.FloatWorkspace;

/**
 * A mixture of experts. Parameters: the router's matrix ({@code [experts][in]}), then of each
 * expert its first matrix ({@code [width][in]}) and biases, its second ({@code [in][width]}) and
 * biases.
 *
 * @param experts of which there are
 * @param active how many each position goes to
 * @param width neurons of an expert's first layer
 * @see <a href="https://arxiv.org/abs/2401.04088">Jiang et al., Mixtral of Experts, 2024, section
 *     2.1</a>
 */
record Mixture(
    Shape in, int experts, int active, int width, Activation activation, Initializer initializer)
    implements Layer {
  @Override
  public Shape out() {
    return in;
  }

  @Override
  public String name() {
    return "experts(%d, %d, %d, %s)".formatted(experts, active, width, activation);
  }

  /** The same for inputs of another arrangement, as wide. */
  Mixture at(Shape other) {
    return new Mixture(other, experts, active, width, activation, initializer);
  }

  @Override
  public List<ParameterGroup> groups() {
    return groups(experts);
  }

  /** Of a worker that has so many of the experts. */
  List<ParameterGroup> groups(int own) {
    var groups = new ArrayList<ParameterGroup>();
    groups.add(new ParameterGroup("router", experts, in.width(), true));
    for (int e = 0; e < own; e++) {
      String of = "expert" + e + ".";
      groups.add(new ParameterGroup(of + "weights", width, in.width(), true));
      groups.add(new ParameterGroup(of + "biases", width, 1, false));
      groups.add(new ParameterGroup(of + "outWeights", in.width(), width, true));
      groups.add(new ParameterGroup(of + "outBiases", in.width(), 1, false));
    }
    return List.copyOf(groups);
  }

  /** Parameters of the router. */
  int ofRouter() {
    return experts * in.width();
  }

  /** Parameters of an expert. */
  int ofExpert() {
    return 2 * width * in.width() + width + in.width();
  }

  @Override
  public String start() {
    return initializer.toString();
  }

  @Override
  public void initialize(double[] parameters, int offset, int index) {
    int ins = in.width();
    initializer.draw(parameters, offset, ofRouter(), ins, experts, index);
    for (int e = 0; e < experts; e++) {
      int at = offset + ofRouter() + e * ofExpert();
      String stream = " of expert %d of layer %d".formatted(e, index);
      initializer.draw(parameters, at, width * ins, ins, width, "weights" + stream);
      int second = at + width * ins + width;
      initializer.draw(parameters, second, ins * width, width, ins, "outWeights" + stream);
    }
  }

  @Override
  public Layer with(Initializer other) {
    return new Mixture(in, experts, active, width, activation, other);
  }

  @Override
  public LayerExplanation explanation() {
    return new MixtureExplanation(this);
  }

  /** The router's product, and two of each expert that a position goes to. */
  @Override
  public long forwardFlops() {
    return 2L * in.positions() * in.width() * (experts + 2L * active * width);
  }

  @Override
  public FloatStage floatStage(
      FloatWorkspace work, int offset, int statistics, float[] from, float @Nullable [] gradient) {
    return floatStage(work, offset, from, gradient, 1);
  }

  /** For one of so many workers that share out the experts. */
  FloatStage floatStage(
      FloatWorkspace work, int offset, float[] from, float @Nullable [] gradient, int ranks) {
    return new FloatExperts(
        work,
        offset,
        in.positions(),
        in.width(),
        experts,
        active,
        width,
        activation.function(),
        ranks,
        from,
        gradient);
  }

  @Override
  public DoubleStage doubleStage(
      DoubleWorkspace work,
      int offset,
      int statistics,
      double[] from,
      double @Nullable [] gradient) {
    return doubleStage(work, offset, from, gradient, 1);
  }

  /** Likewise in double precision. */
  DoubleStage doubleStage(
      DoubleWorkspace work, int offset, double[] from, double @Nullable [] gradient, int ranks) {
    return new DoubleExperts(
        work,
        offset,
        in.positions(),
        in.width(),
        experts,
        active,
        width,
        activation.function(),
        ranks,
        from,
        gradient);
  }
}
