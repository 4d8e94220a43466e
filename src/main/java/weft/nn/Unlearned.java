package weft.nn;

import java.util.List;

/** A layer without parameters. */
interface Unlearned extends Layer {
  @Override
  default List<ParameterGroup> groups() {
    return List.of();
  }

  @Override
  default String start() {
    return "";
  }

  @Override
  default void initialize(double[] parameters, int offset, int index) {}

  @Override
  default Layer endingIn(Loss loss) {
    return Ending.plain(this, loss);
  }
}
