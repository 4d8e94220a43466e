package weft.engine.packet;

import java.util.Arrays;

/** Messages by number, and the order in which a queue pair sends them. */
final class Messages {
  static final int NONE = -1;

  int[] queuePair = new int[64];
  long[] bytes = new long[64];
  long[] offset = new long[64]; // bytes of its queue pair before it
  long[] notBefore = new long[64];
  int[] firstPsn = new int[64];
  int[] endPsn = new int[64]; // one past its last packet
  int[] next = new int[64]; // of the same queue pair
  long[] started = new long[64];
  long[] delivered = new long[64];
  long[] acknowledged = new long[64];
  int[] receivedPackets = new int[64]; // where messages complete in any order
  private int count;

  int count() {
    return count;
  }

  int add(int qp, long size, long start, long notBeforePs, int first, int end) {
    if (count == queuePair.length) {
      grow();
    }
    int message = count++;
    queuePair[message] = qp;
    bytes[message] = size;
    offset[message] = start;
    notBefore[message] = notBeforePs;
    firstPsn[message] = first;
    endPsn[message] = end;
    next[message] = NONE;
    started[message] = PacketEngine.NOT_YET;
    delivered[message] = PacketEngine.NOT_YET;
    acknowledged[message] = PacketEngine.NOT_YET;
    return message;
  }

  private void grow() {
    int size = 2 * count;
    queuePair = Arrays.copyOf(queuePair, size);
    bytes = Arrays.copyOf(bytes, size);
    offset = Arrays.copyOf(offset, size);
    notBefore = Arrays.copyOf(notBefore, size);
    firstPsn = Arrays.copyOf(firstPsn, size);
    endPsn = Arrays.copyOf(endPsn, size);
    next = Arrays.copyOf(next, size);
    started = Arrays.copyOf(started, size);
    delivered = Arrays.copyOf(delivered, size);
    acknowledged = Arrays.copyOf(acknowledged, size);
    receivedPackets = Arrays.copyOf(receivedPackets, size);
  }
}
