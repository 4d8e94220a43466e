package weft.transport.fluid;

/** The last states of an integration by equal steps, read in between by straight lines. */
final class Past {
  private final double step; // seconds
  private final double[][] states; // a ring
  private long newest; // its number; its time is newest times step

  Past(double[] start, double step, double longest) {
    this.step = step;
    int kept = (int) Math.ceil(longest / step) + 3;
    states = new double[kept][];
    for (int i = 0; i < kept; i++) {
      states[i] = start.clone();
    }
  }

  void add(double[] state) {
    newest++;
    System.arraycopy(state, 0, states[(int) (newest % states.length)], 0, state.length);
  }

  /** A variable at a time that has passed; before time 0 it is what it was then. */
  double at(double time, int variable) {
    double position = Math.max(0, Math.min(time / step, (double) newest));
    long before = Math.max((long) position, newest - states.length + 1);
    long after = Math.min(before + 1, newest);
    double low = states[(int) (before % states.length)][variable];
    double high = states[(int) (after % states.length)][variable];
    return low + (position - before) * (high - low);
  }
}
