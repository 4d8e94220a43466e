package weft.engine.packet;

import java.util.Arrays;

/**
 * The parts of a fabric that are simulated one by one within a window of time.
 *
 * <p>A window is as long as the {@linkplain #lookahead shortest way} from one cell into another: a
 * pause frame on the fastest and shortest of the cables between them. Nothing sent in a window
 * reaches another cell before it ends, so each cell's events depend only on what was sent before
 * (conservative synchronous windows; Nicol, JACM 1993). Cables far shorter than the others join
 * their ends to one cell, so that they do not make windows short; what is inside a switch is always
 * in its cell.
 */
final class Cells {
  /** The most of all ports that a cell grown together may hold, as one part in so many. */
  private static final int LARGEST_SHARE = 8;

  /** No window is longer, ps. */
  private static final long LONGEST = Stream.LONGEST_WINDOW;

  final int[] of; // by node
  final int count;
  final long lookahead; // the length of a window, ps
  final long longest; // that anything is under way from one cell to another, ps

  private Cells(int[] of, int count, long lookahead, long longest) {
    this.of = of;
    this.count = count;
    this.lookahead = lookahead;
    this.longest = longest;
  }

  /** As many cables inside cells as leave every cell a small part of the whole. */
  static Cells of(Ports ports) {
    long[] leads = new long[ports.count];
    Arrays.setAll(leads, ports::leastTransit);
    Cells best = inside(ports, 1);
    for (long lead : Arrays.stream(leads).distinct().sorted().toArray()) {
      Cells grown = inside(ports, lead);
      if (grown.count < 2 || grown.largest(ports) * LARGEST_SHARE > ports.count) {
        break;
      }
      best = grown;
    }
    return best;
  }

  /** Cells joined by all cables faster to cross than this, ps. */
  static Cells inside(Ports ports, long least) {
    int[] parent = new int[ports.nodes()];
    Arrays.setAll(parent, n -> n);
    long lookahead = Long.MAX_VALUE;
    long longest = 0;
    for (int p = 0; p < ports.count; p++) {
      long transit = ports.leastTransit(p);
      if (transit < least || ports.isInside[p]) {
        int a = root(parent, ports.node[p]);
        int b = root(parent, ports.node[ports.peer[p]]);
        parent[Math.max(a, b)] = Math.min(a, b);
      } else {
        lookahead = Math.min(lookahead, transit);
        longest = Math.max(longest, ports.mostTransit(p));
      }
    }
    int[] of = new int[parent.length];
    int count = 0;
    for (int n = 0; n < of.length; n++) { // a root is the least node of its cell
      int root = root(parent, n);
      of[n] = root == n ? count++ : of[root];
    }
    return new Cells(of, count, Math.min(lookahead, LONGEST), longest);
  }

  private static int root(int[] parent, int node) {
    int n = node;
    while (parent[n] != n) {
      parent[n] = parent[parent[n]];
      n = parent[n];
    }
    return n;
  }

  /** Ports of each cell. */
  int[] sizes(Ports ports) {
    int[] size = new int[count];
    for (int p = 0; p < ports.count; p++) {
      size[of[ports.node[p]]]++;
    }
    return size;
  }

  private int largest(Ports ports) {
    return Arrays.stream(sizes(ports)).max().orElse(0);
  }
}
