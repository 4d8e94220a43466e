package weft.engine.flow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import weft.units.Check;

/**
 * Sets of links that flows take in equal parts, as spraying takes the uplinks of a leaf. Links of
 * the same capacity that are in the same sets, and that no flow takes otherwise, are always equally
 * full: one of them stands for all, and shares are worked out for that one. Where a new set holds
 * only some of them, or one carries another rate from now on, those part.
 */
final class Bundles {
  private final double[] capacity; // by link

  // By link.
  private final boolean[] isTaken; // by some flow
  private final int[] first; // the link that stands for it
  private final int[][] alike; // by link that stands for others: all of them, itself first
  private final int[] mark; // the last set that was looked at and holds it
  private final int[] compared; // by link that stands for others: the last set that parted these
  private int marks;

  private final List<int[]> links = new ArrayList<>(); // by set
  private final List<int[]> standing = new ArrayList<>(); // by set: the links that stand for it
  private int[] known = new int[16]; // by set: at how many partings that was true

  // By parting.
  private int[] from = new int[16]; // the link that has stood for both
  private int[] parted = new int[16]; // the one that stands for some of them since
  private int partings;

  /**
   * Of links that are numbered from 0.
   *
   * @param capacities of each, in any unit
   */
  Bundles(double[] capacities) {
    capacity = capacities.clone();
    isTaken = new boolean[capacity.length];
    first = new int[capacity.length];
    Arrays.setAll(first, l -> l);
    alike = new int[capacity.length][];
    mark = new int[capacity.length];
    compared = new int[capacity.length];
  }

  /**
   * Makes these links a set; says its number, below 0.
   *
   * @param set each once
   */
  int add(int[] set) {
    marks++;
    for (int link : set) {
      if (mark[Check.index("link", link, capacity.length)] == marks) {
        throw new IllegalArgumentException("a bundle has each link once, but " + link + " twice");
      }
      mark[link] = marks;
    }
    for (int link : set) {
      if (!isTaken[link]) {
        take(set, capacity[link]);
      } else if (alike[first[link]] != null && compared[first[link]] != marks) {
        part(first[link]);
      }
    }
    links.add(set.clone());
    standing.add(stand(set));
    if (links.size() > known.length) {
      known = Arrays.copyOf(known, 2 * known.length);
    }
    known[links.size() - 1] = partings;
    return -links.size();
  }

  /** Those of a set that nobody takes yet and that carry so much are alike. */
  private void take(int[] set, double carry) {
    int[] same = Arrays.stream(set).filter(l -> !isTaken[l] && capacity[l] == carry).toArray();
    for (int link : same) {
      isTaken[link] = true;
      first[link] = same[0];
    }
    alike[same[0]] = same.length > 1 ? same : null;
  }

  /** Parts the links that one stands for: those that are marked from the others. */
  private void part(int standsForAll) {
    compared[standsForAll] = marks;
    int[] all = alike[standsForAll];
    boolean isMarked = mark[standsForAll] == marks;
    int[] go = Arrays.stream(all).filter(l -> (mark[l] == marks) != isMarked).toArray();
    if (go.length == 0) {
      return;
    }
    int[] stay = Arrays.stream(all).filter(l -> (mark[l] == marks) == isMarked).toArray();
    alike[standsForAll] = stay.length > 1 ? stay : null;
    alike[go[0]] = go.length > 1 ? go : null;
    compared[go[0]] = marks;
    for (int link : go) {
      first[link] = go[0];
    }
    if (partings == from.length) {
      from = Arrays.copyOf(from, 2 * partings);
      parted = Arrays.copyOf(parted, 2 * partings);
    }
    from[partings] = standsForAll;
    parted[partings++] = go[0];
  }

  private int[] stand(int[] set) {
    return Arrays.stream(set).map(l -> first[l]).distinct().toArray();
  }

  /**
   * A flow takes these.
   *
   * @throws IllegalArgumentException if there is no such link or set
   */
  void take(Route route) {
    take(route.links());
    take(route.back());
  }

  private void take(int[] linksAndSets) {
    for (int link : linksAndSets) {
      if (link < 0) {
        Check.index("bundle", -1 - link, links.size());
      } else {
        takeAlone(Check.index("link", link, capacity.length));
      }
    }
  }

  /** A flow takes a link by itself: no other is like it. */
  private void takeAlone(int link) {
    isTaken[link] = true;
    if (alike[first[link]] != null) {
      mark[link] = ++marks;
      part(first[link]);
    }
  }

  /** A link carries another rate from now on. */
  void capacity(int link, double itsCapacity) {
    if (itsCapacity != capacity[link]) {
      capacity[link] = itsCapacity;
      if (isTaken[link]) {
        takeAlone(link);
      }
    }
  }

  /** How many sets there are. */
  int size() {
    return links.size();
  }

  /** The links that stand for a set now. */
  int[] standing(int set) {
    int i = -1 - set;
    if (known[i] < partings) {
      standing.set(i, stand(links.get(i)));
      known[i] = partings;
    }
    return standing.get(i);
  }

  /** The links that stand for these, which are links and sets, each perhaps several times. */
  int[] allStanding(int[] linksAndSets) {
    return Arrays.stream(linksAndSets)
        .flatMap(l -> l < 0 ? Arrays.stream(standing(l)) : Arrays.stream(new int[] {l}))
        .toArray();
  }

  /** How often links have parted. */
  int partings() {
    return partings;
  }

  /** The link that stood for all until a parting. */
  int from(int parting) {
    return from[parting];
  }

  /** The link that stands for some of them since. */
  int parted(int parting) {
    return parted[parting];
  }
}
