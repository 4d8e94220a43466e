package weft.routing;

import java.util.Arrays;
import java.util.Random;

/** A switch with as many candidates as it has queues, set by a test. */
class SwitchStub implements SwitchView {
  final long[] queue;
  final long[] sent;
  final double[] rate;
  final double[] path;
  long now;
  private final Random random = new Random(1);

  SwitchStub(int n) {
    queue = new long[n];
    sent = new long[n];
    rate = new double[n];
    path = new double[n];
    Arrays.fill(rate, 100e9);
    Arrays.fill(path, 100e9);
  }

  @Override
  public int node() {
    return 0;
  }

  @Override
  public int ports() {
    return queue.length;
  }

  @Override
  public long nowPs() {
    return now;
  }

  @Override
  public long hashSeed() {
    return 7;
  }

  @Override
  public int random(int n) {
    return random.nextInt(n);
  }

  @Override
  public int port(int i) {
    return i;
  }

  @Override
  public int next(int i) {
    return 1 + i;
  }

  @Override
  public long queueBytes(int i) {
    return queue[i];
  }

  @Override
  public long sentBytes(int i) {
    return sent[i];
  }

  @Override
  public double bitsPerSecond(int i) {
    return rate[i];
  }

  @Override
  public double pathBitsPerSecond(int i) {
    return path[i];
  }

  @Override
  public boolean isShortest(int i) {
    return true;
  }

  @Override
  public int ways(int i) {
    return 1;
  }

  @Override
  public int hops(int i) {
    return 2;
  }

  /** A full data packet of a queue pair from GPU 0 to GPU 1. */
  static PacketView packet(int queuePair) {
    return new PacketView() {
      @Override
      public int queuePair() {
        return queuePair;
      }

      @Override
      public int source() {
        return 0;
      }

      @Override
      public int destination() {
        return 1;
      }

      @Override
      public int udpSource() {
        return FiveTuple.sourcePort(queuePair);
      }

      @Override
      public int bytes() {
        return 4178;
      }

      @Override
      public boolean isData() {
        return true;
      }
    };
  }

  /** How many of so many packets, one queue pair each, took each candidate. */
  int[] counts(PortSelector selector, int packets) {
    int[] counts = new int[queue.length];
    for (int p = 0; p < packets; p++) {
      counts[selector.choose(packet(p), queue.length)]++;
    }
    return counts;
  }
}
