package weft.nn;

import java.util.Objects;
import java.util.StringJoiner;
import java.util.stream.IntStream;
import weft.nn.compute.DoubleLosses;
import weft.nn.compute.DoubleTargets;
import weft.report.Digits;

/** A pass written out as a person would on paper. Long sums and wide layers are shortened. */
final class Explanation {
  /** More terms, or neurons, than this are shortened with dots. */
  private static final int MANY = 6;

  private final Trace trace;
  private final Names names;
  private final StringBuilder text = new StringBuilder();

  private Explanation(Trace trace) {
    this.trace = trace;
    names = trace.network().names();
  }

  static String of(Trace trace) {
    var explanation = new Explanation(trace);
    explanation.forward();
    if (trace.target() != null) {
      explanation.loss(trace.target());
    }
    if (trace.hasGradient()) {
      explanation.backward();
    }
    return explanation.text.toString();
  }

  /** 0..count-1, or the first three, -1 for the dots, and the last. */
  static int[] shown(int count) {
    return count <= MANY ? IntStream.range(0, count).toArray() : new int[] {0, 1, 2, -1, count - 1};
  }

  private void forward() {
    line("Forward pass");
    for (int l = 0; l < trace.sums().length; l++) {
      for (int i : shown(trace.sums()[l].length)) {
        if (i < 0) {
          dots(trace.sums()[l].length, l);
        } else {
          sum(l, i);
          line(
              layer(l)
                  .activation()
                  .explainForward(
                      names.neuron(l, i),
                      names.sum(l, i),
                      trace.sums()[l],
                      trace.activations()[l],
                      i));
        }
      }
    }
  }

  private void sum(int l, int to) {
    double[] in = trace.feeding(l);
    var symbols = new StringJoiner(" + ", names.sum(l, to) + " = ", "");
    var numbers = new StringJoiner(" + ", names.sum(l, to) + " = ", "");
    for (int from : shown(in.length)) {
      if (from < 0) {
        symbols.add("...");
        numbers.add("...");
      } else {
        symbols.add("(%s x %s)".formatted(names.neuron(l - 1, from), names.weight(l, to, from)));
        numbers.add("(%s x %s)".formatted(Digits.of(in[from]), number(weight(l, to, from))));
      }
    }
    line(symbols + " + " + names.bias(l, to));
    double bias = value(l, layer(l).bias(to));
    line(numbers + " + " + number(bias) + " = " + Digits.of(trace.sums()[l][to]));
  }

  private void loss(double[] target) {
    line("");
    line("Loss");
    line(trace.network().loss().explain(names, trace.outputs(), target, trace.loss()));
  }

  private void backward() {
    line("");
    line("Backward pass, from the output to the inputs");
    for (int l = trace.sums().length - 1; l >= 0; l--) {
      for (int i : shown(trace.sums()[l].length)) {
        if (i < 0) {
          dots(trace.sums()[l].length, l);
        } else {
          sumGradient(l, i);
          parameterGradients(l, i);
        }
      }
    }
  }

  private void sumGradient(int l, int i) {
    boolean last = l == trace.sums().length - 1;
    double[] target = Objects.requireNonNull(trace.target());
    var loss = trace.network().loss();
    if (last) {
      line(loss.explainGradient(names, trace.outputs(), target, i));
      if (loss.fusedWith(layer(l).activation(), trace.outputs().length)) {
        return;
      }
    } else {
      chain(l, i);
    }
    double[] gradients = last ? outputGradients(loss, target) : hiddenGradients(l);
    line(
        layer(l)
            .activation()
            .explainBackward(
                names.neuron(l, i),
                names.sum(l, i),
                trace.sums()[l],
                trace.activations()[l],
                gradients,
                i));
  }

  private double[] outputGradients(Loss loss, double[] target) {
    double[] gradients = new double[target.length];
    var targets = new DoubleTargets(1, target.length);
    for (int i = 0; i < target.length; i++) {
      targets.value(0, i, target[i]);
    }
    DoubleLosses.gradient(
        loss.function(), trace.outputs(), targets, gradients, 1, 1, target.length);
    return gradients;
  }

  private double[] hiddenGradients(int l) {
    return IntStream.range(0, trace.sums()[l].length)
        .mapToDouble(i -> trace.activationGradient(l, i))
        .toArray();
  }

  /** dL/dH: the sum over the neurons that H feeds. */
  private void chain(int l, int from) {
    var symbols = new StringJoiner(" + ", "dL/d" + names.neuron(l, from) + " = ", "");
    var numbers = new StringJoiner(" + ");
    boolean single = trace.sums()[l + 1].length == 1;
    for (int to : shown(trace.sums()[l + 1].length)) {
      if (to < 0) {
        symbols.add("...");
        numbers.add("...");
      } else {
        String term = "dL/d%s x %s".formatted(names.sum(l + 1, to), names.weight(l + 1, to, from));
        String value =
            "%s x %s"
                .formatted(
                    number(trace.sumGradients()[l + 1][to]), number(weight(l + 1, to, from)));
        symbols.add(single ? term : "(" + term + ")");
        numbers.add(single ? value : "(" + value + ")");
      }
    }
    line(symbols + " = " + numbers + " = " + Digits.of(trace.activationGradient(l, from)));
  }

  private void parameterGradients(int l, int to) {
    double gradient = trace.sumGradients()[l][to];
    double[] in = trace.feeding(l);
    for (int from : shown(in.length)) {
      if (from < 0) {
        line("...");
        continue;
      }
      line(
          "dL/d%s = dL/d%s x %s = %s x %s = %s"
              .formatted(
                  names.weight(l, to, from),
                  names.sum(l, to),
                  names.neuron(l - 1, from),
                  number(gradient),
                  number(in[from]),
                  Digits.of(gradient * in[from])));
    }
    line(
        "dL/d%s = dL/d%s = %s".formatted(names.bias(l, to), names.sum(l, to), Digits.of(gradient)));
  }

  private Dense layer(int l) {
    return trace.network().dense(l);
  }

  private double weight(int l, int to, int from) {
    return value(l, layer(l).weight(to, from));
  }

  private double value(int l, int index) {
    return trace.network().values()[trace.network().costs().get(l).offset() + index];
  }

  private static String number(double value) {
    return Activation.number(value);
  }

  private void dots(int width, int l) {
    line("... and likewise for the other " + (width - 4) + " neurons of " + layer(l).name());
  }

  private void line(String content) {
    text.append(content).append('\n');
  }
}
