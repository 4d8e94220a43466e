package weft.train;

import weft.nn.compute.Phase;
import weft.parallel.ParallelAxis;

/** What a GPU of a plan spends time on. */
enum Activity {
  FORWARD("forward", "#9ecae9"),
  BACKWARD("backward", "#8fd0a0"),
  WEIGHT_GRADIENT("gradients of weights", "#f7dc8a"),
  UPDATE("update", "#b9b9b9"),
  TENSOR("tensor", "#e8793a"),
  CONTEXT("context", "#c2529b"),
  EXPERT("expert", "#8f63c9"),
  PIPELINE("pipeline", "#f3d5d5"),
  DATA("data", "#c9444f");

  private final String label;
  private final String color;

  Activity(String label, String color) {
    this.label = label;
    this.color = color;
  }

  static Activity of(Phase phase) {
    return switch (phase) {
      case FORWARD -> FORWARD;
      case BACKWARD, TO_INPUTS -> BACKWARD;
      case TO_WEIGHTS -> WEIGHT_GRADIENT;
    };
  }

  /** Exchanging along an axis, and waiting for those it exchanges with. */
  static Activity of(ParallelAxis axis) {
    return switch (axis) {
      case TENSOR -> TENSOR;
      case CONTEXT -> CONTEXT;
      case EXPERT -> EXPERT;
      case PIPELINE -> PIPELINE;
      case DATA -> DATA;
    };
  }

  boolean computes() {
    return compareTo(UPDATE) <= 0;
  }

  /** For example {@code backward}; an axis where it exchanges along one. */
  String label() {
    return label;
  }

  String color() {
    return color;
  }
}
