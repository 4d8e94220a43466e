package weft.nn;

import java.util.List;

/** One layer of a {@link Trace}, its numbers and what they are called. */
final class LayerView {
  private final Trace trace;
  private final int layer;
  private final Names names;
  private final int offset;
  private final String[] parameterNames;

  LayerView(Trace trace, int layer, Names names) {
    this.trace = trace;
    this.layer = layer;
    this.names = names;
    parameterNames = names.parameters();
    offset = trace.network().costs().get(layer).offset();
  }

  private Layer layer() {
    return trace.network().layers().get(layer);
  }

  /** As a cell writes the layer. */
  String name() {
    return layer().name();
  }

  Shape shapeIn() {
    return layer().in();
  }

  Shape shapeOut() {
    return layer().out();
  }

  /** How many parameters the layer has. */
  int parameters() {
    return layer().parameters();
  }

  /** What feeds the layer. */
  double[] inputs() {
    return trace.feeding(layer);
  }

  /** Before the activation; the outputs, if there is none. */
  double[] sums() {
    return trace.sums()[layer];
  }

  double[] outputs() {
    return trace.activations()[layer];
  }

  /** Whether the pass went backward. */
  boolean hasGradient() {
    return trace.hasGradient();
  }

  /** Names for the layers inside this one. */
  Names namesInside(List<Layer> inside) {
    return names.inside(layer, inside);
  }

  /** dL/doutput, as the layer after it or the loss gave it. */
  double[] outputGradients() {
    return trace.activationGradients()[layer];
  }

  /** dL/dz; dL/doutput, if there is no activation. */
  double[] sumGradients() {
    return trace.sumGradients()[layer];
  }

  /** dL/dinput. */
  double[] inputGradients() {
    return layer == 0 ? trace.inputGradient() : trace.activationGradients()[layer - 1];
  }

  /** A parameter by its place in the layer. */
  double parameter(int index) {
    return trace.network().values()[offset + index];
  }

  /** dL/dparameter, likewise. */
  double parameterGradient(int index) {
    return trace.gradient()[offset + index];
  }

  /** What batch normalisation remembers, by its place in the layer. */
  double statistic(int index) {
    int first =
        trace.network().layers().subList(0, layer).stream().mapToInt(Layer::statistics).sum();
    return trace.network().statistics()[first + index];
  }

  Term in(int index) {
    return Term.of(inName(index));
  }

  String inName(int index) {
    return names.neuron(layer - 1, index);
  }

  Term inGradient(int index) {
    return Term.gradient(inName(index));
  }

  Term out(int index) {
    return Term.of(outName(index));
  }

  String outName(int index) {
    return names.neuron(layer, index);
  }

  Term sum(int index) {
    return Term.of(sumName(index));
  }

  String sumName(int index) {
    return names.sum(layer, index);
  }

  Term sumGradient(int index) {
    return Term.gradient(sumName(index));
  }

  /** Something inside the layer that belongs to an output: {@code i1[0,2]}, a gate. */
  Term part(String kind, int index) {
    return Term.of(partName(kind, shapeOut().place(index)));
  }

  /** Something inside the layer by its place, {@code [0,2]}: {@code s1[0,2]}, a score. */
  String partName(String kind, String place) {
    return kind + names.label(layer) + place;
  }

  /** What a parameter is called. */
  Term weight(int index) {
    return Term.of(parameterNames[offset + index]);
  }

  Term weightGradient(int index) {
    return Term.gradient(parameterNames[offset + index]);
  }
}
