package weft.nn;

import java.util.Arrays;

/** What a step did to the parameters of one tensor, by their places in it. */
final class TensorUpdate {
  private final Update update;
  private final double[] applied;
  private final Network next;
  private final int from;
  private final int to;
  private final boolean decays;
  private final Line others;

  /**
   * @param applied the gradient as it was applied: clipped, if the optimiser clips
   * @param from the tensor's first parameter
   * @param to one past its last
   * @param decays whether it is a matrix of weights, and not biases or scales
   * @param others what stands for the parameters that are left out
   */
  TensorUpdate(
      Update update,
      double[] applied,
      Network next,
      int from,
      int to,
      boolean decays,
      Line others) {
    this.update = update;
    this.applied = applied;
    this.next = next;
    this.from = from;
    this.to = to;
    this.decays = decays;
    this.others = others;
  }

  int count() {
    return to - from;
  }

  boolean decays() {
    return decays;
  }

  Line others() {
    return others;
  }

  String name(int index) {
    return next.names().parameters()[from + index];
  }

  double[] old() {
    return Arrays.copyOfRange(update.old(), from, to);
  }

  double old(int index) {
    return update.old()[from + index];
  }

  double gradient(int index) {
    return applied[from + index];
  }

  double next(int index) {
    return next.values()[from + index];
  }
}
