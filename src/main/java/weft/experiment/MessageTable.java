package weft.experiment;

import java.util.Arrays;
import weft.engine.packet.PacketEngine;

/** Which message of its queue pair a packet belongs to. */
final class MessageTable {
  private final int mtu;
  private final int[][] firstPsn; // by queue pair, of each message in the order of posting
  private final long[][] bytes;

  MessageTable(PacketEngine engine, int mtu) {
    this.mtu = mtu;
    int[] count = new int[engine.queuePairs()];
    for (int m = 0; m < engine.messages(); m++) {
      count[engine.queuePair(m)]++;
    }
    firstPsn = new int[count.length][];
    bytes = new long[count.length][];
    for (int qp = 0; qp < count.length; qp++) {
      firstPsn[qp] = new int[count[qp] + 1];
      bytes[qp] = new long[count[qp]];
    }
    Arrays.fill(count, 0);
    for (int m = 0; m < engine.messages(); m++) {
      int qp = engine.queuePair(m);
      int place = count[qp]++;
      bytes[qp][place] = engine.bytes(m);
      firstPsn[qp][place + 1] = firstPsn[qp][place] + (int) ((engine.bytes(m) + mtu - 1) / mtu);
    }
  }

  /** How many messages of a queue pair end before this packet; the place of its own message. */
  int place(int queuePair, int psn) {
    int found = Arrays.binarySearch(firstPsn[queuePair], psn);
    return found >= 0 ? found : -found - 2;
  }

  boolean isFirst(int queuePair, int psn) {
    return firstPsn[queuePair][place(queuePair, psn)] == psn;
  }

  boolean isLast(int queuePair, int psn) {
    return firstPsn[queuePair][place(queuePair, psn) + 1] == psn + 1;
  }

  /** The size of a packet's message. */
  long length(int queuePair, int psn) {
    return bytes[queuePair][place(queuePair, psn)];
  }

  /** What a packet carries of it. */
  int payload(int queuePair, int psn) {
    long before = (long) mtu * (psn - firstPsn[queuePair][place(queuePair, psn)]);
    return (int) Math.min(mtu, length(queuePair, psn) - before);
  }

  /** Bytes of all messages of its queue pair that come before a packet's message. */
  long offset(int queuePair, int psn) {
    long sum = 0;
    for (int m = 0; m < place(queuePair, psn); m++) {
      sum += bytes[queuePair][m];
    }
    return sum;
  }
}
