package weft.engine.flow;

import java.util.Arrays;

/** All messages, and for each flow those that it has not sent, in the order of posting. */
final class Messages {
  static final int NONE = -1;

  // By message.
  int[] flow = new int[256];
  int[] next = new int[256]; // of its flow
  long[] bytes = new long[256];
  long[] notBefore = new long[256];
  long[] started = new long[256];
  long[] delivered = new long[256];
  int count;

  // By flow.
  int[] first = new int[64]; // message that it sends or that waits for its time
  private int[] last = new int[64];

  /** One more flow, without messages. */
  void open(int which) {
    if (which == first.length) {
      first = Arrays.copyOf(first, 2 * which);
      last = Arrays.copyOf(last, 2 * which);
    }
    first[which] = NONE;
    last[which] = NONE;
  }

  /** Appends a message; says its number. */
  int add(int by, long size, long notBeforePs) {
    int m = count++;
    if (m == flow.length) {
      grow(2 * m);
    }
    flow[m] = by;
    bytes[m] = size;
    notBefore[m] = notBeforePs;
    next[m] = NONE;
    started[m] = FlowEngine.NOT_YET;
    delivered[m] = FlowEngine.NOT_YET;
    if (first[by] == NONE) {
      first[by] = m;
    } else {
      next[last[by]] = m;
    }
    last[by] = m;
    return m;
  }

  private void grow(int size) {
    flow = Arrays.copyOf(flow, size);
    next = Arrays.copyOf(next, size);
    bytes = Arrays.copyOf(bytes, size);
    notBefore = Arrays.copyOf(notBefore, size);
    started = Arrays.copyOf(started, size);
    delivered = Arrays.copyOf(delivered, size);
  }

  /** Whether a flow's first message may be sent at a time. */
  boolean isDue(int which, long timePs) {
    return first[which] != NONE && notBefore[first[which]] <= timePs;
  }

  /** What a flow's messages after the first are together that may be sent at a time, bytes. */
  long bytesBehindFirst(int which, long timePs) {
    long sum = 0;
    int m = first[which] == NONE ? NONE : next[first[which]];
    for (; m != NONE && notBefore[m] <= timePs; m = next[m]) {
      sum += bytes[m];
    }
    return sum;
  }
}
