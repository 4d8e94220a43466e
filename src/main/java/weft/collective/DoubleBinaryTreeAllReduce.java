package weft.collective;

/** See {@link AllReduce#doubleBinaryTree()}. */
record DoubleBinaryTreeAllReduce() implements AllReduce {

  /** The second tree is the first one's mirror image, or moved on by one where N is odd. */
  @Override
  public Schedule schedule(int ranks, int elements) {
    var builder = new ScheduleBuilder(toString(), ranks, elements);
    var tree = new BinaryTree(ranks);
    var halves = new Cut(0, elements, 2);
    tree.allReduce(builder, v -> v, 0, halves.count(0, 1));
    tree.allReduce(
        builder,
        v -> ranks % 2 == 0 ? ranks - 1 - v : (v + 1) % ranks,
        halves.bound(1),
        halves.count(1, 2));
    return builder.build();
  }

  @Override
  public String toString() {
    return "double binary tree AllReduce";
  }
}
