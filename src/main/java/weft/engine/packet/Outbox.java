package weft.engine.packet;

import java.util.Arrays;

/**
 * What the cells of one thread send. A cable inside a cell gets its event at once; of the others it
 * is noted, once a window, that something is under way, for the thread of the cell they lead to.
 */
final class Outbox {
  private final Clock clock;
  private final Queues queues;
  private final boolean[] inside;
  private final int[] peer;
  private final int[] thread;
  private final int[] noted;
  private int window = 1;

  // By receiving thread: ports that sent, twice the port and one more if a frame.
  private final int[][] news;
  private final int[] count;

  /**
   * Who simulates what.
   *
   * @param inside by port: whether both ends of its cable are in one cell
   * @param peer by port: that at its cable's other end
   * @param thread by port: who simulates its peer
   * @param noted by sending port, packets and frames: the window in which news of it was last noted
   */
  @SuppressWarnings("ArrayRecordComponent") // inside this package, never compared
  record Wiring(boolean[] inside, int[] peer, int[] thread, int[] noted, int threads) {}

  Outbox(Clock clock, Queues queues, Wiring wiring) {
    this.clock = clock;
    this.queues = queues;
    inside = wiring.inside();
    peer = wiring.peer();
    thread = wiring.thread();
    noted = wiring.noted();
    news = new int[wiring.threads()][64];
    count = new int[wiring.threads()];
  }

  void packet(int port, long arrival, long owner, long head, long stamp) {
    queues.packets.send(port, arrival, owner, head, stamp);
    if (inside[port]) {
      takeOver(queues.packets, peer[port], Clock.ARRIVE);
    } else {
      note(2 * port, thread[port]);
    }
  }

  void frame(int port, long arrival, boolean pause) {
    queues.frames.send(port, arrival, pause ? 1 : 0, 0, 0);
    if (inside[port]) {
      takeOver(queues.frames, peer[port], Clock.FRAME);
    } else {
      note(2 * port + 1, thread[port]);
    }
  }

  private void takeOver(Cables cables, int port, int kind) {
    cables.takeOver(port);
    if (!cables.pending[port]) {
      cables.pending[port] = true;
      clock.at(cables.firstArrival(port), kind, port);
    }
  }

  private void note(int item, int to) {
    if (noted[item] == window) {
      return;
    }
    noted[item] = window;
    if (count[to] == news[to].length) {
      news[to] = Arrays.copyOf(news[to], 2 * count[to]);
    }
    news[to][count[to]++] = item;
  }

  /** From now on news is of another window. */
  void nextWindow() {
    window++;
  }

  int count(int forThread) {
    return count[forThread];
  }

  int item(int forThread, int i) {
    return news[forThread][i];
  }

  void clear(int forThread) {
    count[forThread] = 0;
  }
}
