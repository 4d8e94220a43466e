package weft.collective;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import weft.units.Check;

/**
 * A tree of switches that add, with ranks as its leaves: what a {@linkplain Schedule#helpers
 * helper} of a schedule is in a network (Graham et al., SHARP, COMHPC 2016). Each switch adds what
 * comes from below and hands one sum on; what comes from above it hands to all below that want it.
 *
 * @param ofRank by rank: the switch that it is linked to, from 0
 * @param parent by switch: the switch above it, a higher number; -1 for the root, which is the last
 */
@SuppressWarnings("ArrayRecordComponent") // copied, never compared
public record SwitchTree(int[] ofRank, int[] parent) {
  private static final int ROOT = -1;

  /** A transfer to or from the helper, as many ranks have it: what goes together. */
  private record Batch(int helper, boolean up, boolean reduces, List<Integer> sections) {}

  /**
   * @throws IllegalArgumentException if it is no tree with the root at its end
   */
  public SwitchTree {
    ofRank = ofRank.clone();
    parent = parent.clone();
    int switches = parent.length;
    for (int s = 0; s < switches; s++) {
      boolean isRoot = s == switches - 1;
      if (isRoot ? parent[s] != ROOT : parent[s] <= s || parent[s] >= switches) {
        throw new IllegalArgumentException(
            "in a tree of %d switches the one above another has a higher number and the last is the root, but above switch %d was %d: number them upwards"
                .formatted(switches, s, parent[s]));
      }
    }
    for (int s : ofRank) {
      Check.index("switch of a rank", s, switches);
    }
  }

  /** How many switches there are. */
  public int switches() {
    return parent.length;
  }

  /** By switch: the most transfers from a rank below until it has all. */
  private int[] heights() {
    int[] height = new int[parent.length];
    for (int s : ofRank) {
      height[s] = 1;
    }
    for (int s = 0; s < parent.length - 1; s++) {
      height[parent[s]] = Math.max(height[parent[s]], height[s] + 1);
    }
    return height;
  }

  /**
   * A schedule whose helpers are these switches, each helper before being the whole tree: number
   * {@code ranks + h * switches() + s} is switch s at the work of helper h. A step becomes as many
   * as the tree is high.
   *
   * @throws IllegalArgumentException if it has not as many ranks, or scratch memory
   */
  public Schedule unfold(Schedule folded) {
    if (folded.ranks() != ofRank.length || folded.scratch() > 0 || folded.arrangements() > 0) {
      throw new IllegalArgumentException(
          "a tree unfolds a schedule of its %d ranks without scratch memory, but %s has %d ranks and %d elements of it"
              .formatted(ofRank.length, folded.name(), folded.ranks(), folded.scratch()));
    }
    var builder = new ScheduleBuilder(folded.name(), folded.ranks(), folded.elements());
    builder.helpers(folded.helpers() * parent.length);
    int[] heights = heights();
    Map<Batch, List<Integer>> ofStep = new LinkedHashMap<>();
    for (int t = 0; t < folded.size(); t++) {
      if (t > 0 && folded.step(t) != folded.step(t - 1)) {
        write(ofStep, folded.step(t - 1), heights, builder);
      }
      boolean up = folded.to(t) >= folded.ranks();
      if (up || folded.from(t) >= folded.ranks()) {
        int helper = (up ? folded.to(t) : folded.from(t)) - folded.ranks();
        var batch = new Batch(helper, up, folded.reduces(t), sections(folded, t));
        int rank = up ? folded.from(t) : folded.to(t);
        ofStep.computeIfAbsent(batch, b -> new ArrayList<>()).add(rank);
      } else {
        int step = folded.step(t) * heights[parent.length - 1];
        add(builder, step, folded.from(t), folded.to(t), folded.reduces(t), sections(folded, t));
      }
    }
    write(ofStep, folded.size() == 0 ? 0 : folded.step(folded.size() - 1), heights, builder);
    return builder.build();
  }

  private static List<Integer> sections(Schedule schedule, int t) {
    List<Integer> sections = new ArrayList<>();
    for (int s = 0; s < schedule.sections(t); s++) {
      sections.addAll(List.of(schedule.first(t, s), schedule.at(t, s), schedule.count(t, s)));
    }
    return sections;
  }

  private void write(
      Map<Batch, List<Integer>> ofStep, int step, int[] heights, ScheduleBuilder builder) {
    int height = heights[parent.length - 1];
    ofStep.forEach(
        (batch, ranks) -> {
          int base = builder.ranks() + batch.helper * parent.length;
          for (int rank : ranks) {
            int at = ofRank[rank];
            if (batch.up) {
              add(builder, step * height, rank, base + at, batch.reduces, batch.sections);
            } else {
              int leaves = step * height + height - 1;
              add(builder, leaves, base + at, rank, batch.reduces, batch.sections);
            }
          }
          for (int s : used(ranks)) {
            int low = base + s;
            int high = base + parent[s];
            if (batch.up) {
              int leaves = step * height + heights[s];
              add(builder, leaves, low, high, batch.reduces, batch.sections);
            } else {
              int leaves = step * height + height - 1 - heights[s];
              add(builder, leaves, high, low, false, batch.sections);
            }
          }
        });
    ofStep.clear();
  }

  /** The switches below the root that lie between it and these ranks. */
  private int[] used(List<Integer> ranks) {
    var used = new TreeMap<Integer, Boolean>();
    for (int rank : ranks) {
      for (int s = ofRank[rank]; parent[s] != ROOT; s = parent[s]) {
        used.put(s, true);
      }
    }
    return used.keySet().stream().mapToInt(Integer::intValue).toArray();
  }

  private static void add(
      ScheduleBuilder builder,
      int step,
      int from,
      int to,
      boolean reduces,
      List<Integer> sections) {
    for (int s = 0; s < sections.size(); s += 3) {
      int first = sections.get(s);
      int at = sections.get(s + 1);
      int count = sections.get(s + 2);
      if (s > 0) {
        builder.also(first, at, count);
      } else if (reduces) {
        builder.reduce(step, from, to, first, count);
      } else {
        builder.place(step, from, to, first, at, count);
      }
    }
  }

  @Override
  public int[] ofRank() {
    return ofRank.clone();
  }

  @Override
  public int[] parent() {
    return parent.clone();
  }

  @Override
  public String toString() {
    return "tree of %d switches over %d ranks, %s"
        .formatted(parent.length, ofRank.length, Arrays.toString(parent));
  }
}
