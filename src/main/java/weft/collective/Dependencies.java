package weft.collective;

import java.util.Arrays;

/**
 * What each transfer waits for, found rank by rank: an array is cut at every bound of what enters
 * or leaves it, and each piece remembers the transfers that made it what it is.
 *
 * <p>Transfers that wait for the same ones share a gate, so that a server that answers N ranks
 * after N arrivals needs N entries and not N squared.
 */
final class Dependencies {
  static final int NONE = Schedule.NOTHING;

  private final Schedule schedule;
  private final int[] gateOf;
  private final IntList gateStart = new IntList();
  private final IntList keys = new IntList();
  private final boolean[] staged;
  private final boolean[] kept;
  private final Grouped incoming;
  private final Grouped outgoing;
  private final Grouped named;
  private final int[] namedKeys;
  private final int[] seen; // by transfer: the transfer whose gate it was last put into
  private final IntList found = new IntList();

  // of the rank at hand
  private int[] bound = {};
  private int[] head = {}; // by piece: its newest writer, in the lists below
  private boolean[] sent = {}; // by piece: since it was last written
  private int[] writtenInStep = {};
  private int[] earliest = {}; // by piece: the first transfer that wrote it in that step
  private final IntList writer = new IntList();
  private final IntList older = new IntList();

  /**
   * @param waiter transfers that wait for named ones
   * @param awaited what each of those waits for
   */
  Dependencies(Schedule schedule, int[] waiter, int[] awaited) {
    this.schedule = schedule;
    int n = schedule.size();
    int all = schedule.ranks() + schedule.helpers();
    gateOf = new int[n];
    staged = new boolean[n];
    kept = new boolean[n];
    seen = new int[n];
    Arrays.fill(seen, NONE);
    incoming = Grouped.by(n, all, schedule::to);
    outgoing = Grouped.by(n, all, schedule::from);
    named = Grouped.by(waiter.length, n, i -> waiter[i]);
    namedKeys = awaited;
    gateStart.add(0);
    for (int rank = 0; rank < all; rank++) {
      ofRank(rank);
    }
  }

  int[] gateOf() {
    return gateOf;
  }

  int[] gateStart() {
    return gateStart.toArray();
  }

  int[] keys() {
    return keys.toArray();
  }

  /** Whether something of a transfer's step would overwrite what it carries before it is read. */
  boolean[] staged() {
    return staged;
  }

  /** Whether a transfer completes a sum of which some is never sent on. */
  boolean[] kept() {
    return kept;
  }

  private void ofRank(int rank) {
    cut(rank);
    int in = incoming.start(rank);
    int out = outgoing.start(rank);
    int inEnd = incoming.start(rank + 1);
    int outEnd = outgoing.start(rank + 1);
    while (in < inEnd || out < outEnd) {
      int step =
          Math.min(
              in < inEnd ? schedule.step(incoming.item(in)) : Integer.MAX_VALUE,
              out < outEnd ? schedule.step(outgoing.item(out)) : Integer.MAX_VALUE);
      int firstOut = out;
      for (; out < outEnd && schedule.step(outgoing.item(out)) == step; out++) {
        leave(outgoing.item(out));
      }
      boolean wrote = false;
      for (; in < inEnd && schedule.step(incoming.item(in)) == step; in++) {
        enter(incoming.item(in), step);
        wrote = true;
      }
      for (int i = firstOut; wrote && i < out; i++) {
        staged[outgoing.item(i)] = isOverwritten(outgoing.item(i), step);
      }
    }
    for (int p = 0; p < bound.length; p++) {
      if (head[p] != NONE && !sent[p] && schedule.reduces(writer.get(head[p]))) {
        kept[writer.get(head[p])] = true;
      }
    }
  }

  private void cut(int rank) {
    var bounds = new IntList();
    for (int i = incoming.start(rank); i < incoming.start(rank + 1); i++) {
      int t = incoming.item(i);
      for (int s = 0; s < schedule.sections(t); s++) {
        bounds.add(schedule.at(t, s));
        bounds.add(schedule.at(t, s) + schedule.count(t, s));
      }
    }
    for (int i = outgoing.start(rank); i < outgoing.start(rank + 1); i++) {
      int t = outgoing.item(i);
      for (int s = 0; s < schedule.sections(t); s++) {
        bounds.add(schedule.first(t, s));
        bounds.add(schedule.first(t, s) + schedule.count(t, s));
      }
    }
    bounds.sort();
    int distinct = 0;
    for (int i = 0; i < bounds.size(); i++) {
      if (i == 0 || bounds.get(i) != bounds.get(distinct - 1)) {
        bounds.set(distinct++, bounds.get(i));
      }
    }
    bound = Arrays.copyOf(bounds.toArray(), distinct);
    head = new int[distinct];
    sent = new boolean[distinct];
    writtenInStep = new int[distinct];
    earliest = new int[distinct];
    Arrays.fill(head, NONE);
    Arrays.fill(writtenInStep, NONE);
    writer.clear();
    older.clear();
  }

  private void leave(int t) {
    found.clear();
    for (int s = 0; s < schedule.sections(t); s++) {
      int end = schedule.first(t, s) + schedule.count(t, s);
      for (int p = piece(schedule.first(t, s)); bound[p] < end; p++) {
        sent[p] = true;
        for (int w = head[p]; w != NONE; w = older.get(w)) {
          find(writer.get(w), t);
        }
      }
    }
    for (int i = named.start(t); i < named.start(t + 1); i++) {
      find(namedKeys[named.item(i)], t);
    }
    if (found.size() == 0) {
      gateOf[t] = NONE;
      return;
    }
    found.sort();
    if (!isLastGate()) {
      for (int i = 0; i < found.size(); i++) {
        keys.add(found.get(i));
      }
      gateStart.add(keys.size());
    }
    gateOf[t] = gateStart.size() - 2;
  }

  private void find(int key, int t) {
    if (seen[key] != t) {
      seen[key] = t;
      found.add(key);
    }
  }

  private boolean isLastGate() {
    int start = gateStart.size() < 2 ? 0 : gateStart.get(gateStart.size() - 2);
    boolean same = keys.size() - start == found.size();
    for (int i = 0; same && i < found.size(); i++) {
      same = keys.get(start + i) == found.get(i);
    }
    return same;
  }

  private void enter(int t, int step) {
    for (int s = 0; s < schedule.sections(t); s++) {
      int end = schedule.at(t, s) + schedule.count(t, s);
      for (int p = piece(schedule.at(t, s)); bound[p] < end; p++) {
        older.add(schedule.reduces(t) ? head[p] : NONE);
        head[p] = writer.size();
        sent[p] = false;
        writer.add(t);
        if (writtenInStep[p] != step) {
          writtenInStep[p] = step;
          earliest[p] = t;
        }
      }
    }
  }

  private boolean isOverwritten(int t, int step) {
    for (int s = 0; s < schedule.sections(t); s++) {
      int end = schedule.first(t, s) + schedule.count(t, s);
      for (int p = piece(schedule.first(t, s)); bound[p] < end; p++) {
        if (writtenInStep[p] == step && earliest[p] < t) {
          return true;
        }
      }
    }
    return false;
  }

  private int piece(int position) {
    return Arrays.binarySearch(bound, position);
  }
}
