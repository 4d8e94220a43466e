package weft.collective;

import weft.units.Check;
import weft.units.DataSize;

/** See {@link Broadcast#binomial()} and those after it. */
record TreeBroadcast(Spread tree, int root) implements Broadcast {
  TreeBroadcast {
    Check.atLeast(0, "the root", root, "ranks are numbered from 0");
  }

  @Override
  public Broadcast from(int other) {
    return new TreeBroadcast(tree, other);
  }

  @Override
  public Schedule schedule(int ranks, int elements) {
    var builder = new ScheduleBuilder(toString(), ranks, elements);
    tree.broadcast(builder, Check.index("root", root, ranks));
    return builder.build();
  }

  @Override
  public Cost cost(int ranks, DataSize size) {
    double arrays = tree.arrays(ranks) * size.bytes();
    return new Cost(tree.steps(ranks), arrays, 0);
  }

  @Override
  public Effect effect() {
    return Effect.copyOf(root);
  }

  @Override
  public String toString() {
    return tree + " Broadcast" + (root == 0 ? "" : " from " + root);
  }
}
