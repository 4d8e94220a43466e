package weft.fabric;

/**
 * Which switches of a dragonfly's groups are linked: each group's global links, counted over its
 * switches, go to the other groups in order, over and over as long as all get one more.
 */
final class GlobalLinks {
  /** Takes a link between two switches, numbered over all groups. */
  interface Links {
    void add(int from, int to);
  }

  private final int groups;
  private final int perGroup;
  private final int perSwitch;
  private final int stride;
  private final int offset;

  /**
   * @param perGroup switches of a group that have global links
   * @param perSwitch global links of each of them
   */
  GlobalLinks(int groups, int perGroup, int perSwitch) {
    this(groups, perGroup, perSwitch, perGroup, 0);
  }

  /**
   * @param stride switches of a group in all
   * @param offset the first of them that has global links
   */
  GlobalLinks(int groups, int perGroup, int perSwitch, int stride, int offset) {
    this.groups = groups;
    this.perGroup = perGroup;
    this.perSwitch = perSwitch;
    this.stride = stride;
    this.offset = offset;
  }

  /**
   * The number of groups.
   *
   * @param wanted 0 for as many as there can be
   * @param group what a group has, for the refusal
   */
  static int groups(int wanted, int perGroup, int perSwitch, String group) {
    long links = (long) perGroup * perSwitch;
    if (wanted == 0) {
      if (links >= Integer.MAX_VALUE / 2) {
        throw new IllegalArgumentException(
            "%s has %,d global links, more than a fabric can use: lower them"
                .formatted(group, links));
      }
      return (int) links + 1;
    }
    if (wanted - 1 > links) {
      throw new IllegalArgumentException(
          "%s global links each reaches %,d other groups, so there are at most %,d, but groups(%d) was asked for: lower the groups or raise the links"
              .formatted(group, links, links + 1, wanted));
    }
    return wanted;
  }

  void forEach(Links links) {
    int rounds = perGroup * perSwitch / (groups - 1); // links between two groups
    for (int round = 0; round < rounds; round++) {
      for (int g = 0; g < groups; g++) {
        for (int other = g + 1; other < groups; other++) {
          links.add(end(g, round, other - 1), end(other, round, g));
        }
      }
    }
  }

  /** The switch of a group whose link goes to its n-th other group. */
  private int end(int group, int round, int n) {
    return group * stride + offset + (round * (groups - 1) + n) / perSwitch;
  }
}
