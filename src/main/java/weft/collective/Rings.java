package weft.collective;

/**
 * Rings among some of the ranks: in each of N - 1 steps everyone passes a part on to the next
 * (Patarasuk and Yuan, JPDC 2009).
 */
final class Rings {
  private final ScheduleBuilder builder;
  private final int[] members;
  private final Cut parts;

  /** A ring of members over a section that is cut into as many parts. */
  Rings(ScheduleBuilder builder, int[] members, int first, int count) {
    this.builder = builder;
    this.members = members;
    this.parts = new Cut(first, count, members.length);
  }

  /**
   * Afterwards member m has the sum of part {@code m + lead + 1}.
   *
   * @return the step after the last
   */
  int reduceScatter(int step, int lead) {
    for (int s = 0; s < members.length - 1; s++) {
      pass(step + s, lead - s, true);
    }
    return step + Math.max(0, members.length - 1);
  }

  /**
   * Member m begins with part {@code m + lead} and ends with all.
   *
   * @return the step after the last
   */
  int allGather(int step, int lead) {
    for (int s = 0; s < members.length - 1; s++) {
      pass(step + s, lead - s, false);
    }
    return step + Math.max(0, members.length - 1);
  }

  private void pass(int step, int lead, boolean reduce) {
    int n = members.length;
    for (int m = 0; m < n; m++) {
      int part = Math.floorMod(m + lead, n);
      int count = parts.count(part, part + 1);
      int next = members[(m + 1) % n];
      if (count > 0 && reduce) {
        builder.reduce(step, members[m], next, parts.bound(part), count);
      } else if (count > 0) {
        builder.copy(step, members[m], next, parts.bound(part), count);
      }
    }
  }
}
