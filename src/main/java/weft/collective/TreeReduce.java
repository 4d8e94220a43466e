package weft.collective;

import weft.units.Check;
import weft.units.DataSize;

/** See {@link Reduce#binomial()} and those after it. */
record TreeReduce(Spread tree, int root) implements Reduce {
  TreeReduce {
    Check.atLeast(0, "the root", root, "ranks are numbered from 0");
  }

  @Override
  public Reduce to(int other) {
    return new TreeReduce(tree, other);
  }

  @Override
  public Schedule schedule(int ranks, int elements) {
    var builder = new ScheduleBuilder(toString(), ranks, elements);
    tree.reduce(builder, Check.index("root", root, ranks));
    return builder.build();
  }

  @Override
  public Cost cost(int ranks, DataSize size) {
    double arrays = tree.arrays(ranks) * size.bytes();
    return new Cost(tree.steps(ranks), arrays, arrays);
  }

  @Override
  public Effect effect() {
    return Effect.sumAt(root);
  }

  @Override
  public String toString() {
    return tree + " Reduce" + (root == 0 ? "" : " to " + root);
  }
}
