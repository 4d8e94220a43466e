package weft.train;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import weft.collective.Schedule;
import weft.collective.ScheduleBuilder;

/**
 * What one stage of a pipeline sends to another, in order. A sender goes on at once, as with NCCL's
 * asynchronous sends, because two stages that send to each other would wait for ever.
 */
final class Mailbox {
  static final int SENDER = 0;
  static final int RECEIVER = 1;

  private final BlockingQueue<Object> sent = new LinkedBlockingQueue<>();
  private final Map<Integer, Schedule> transfers = new ConcurrentHashMap<>();

  /** Puts a copy of the first numbers of a float32 or float64 array into the box. */
  void send(Object values, int count) {
    sent.add(
        values instanceof float[] floats
            ? Arrays.copyOf(floats, count)
            : Arrays.copyOf((double[]) values, count));
  }

  /** Waits for what was sent first, and moves it into an array of the same type. */
  void receive(Object values, int count) {
    try {
      Group.apply(transfer(count), new Object[] {sent.take(), values});
    } catch (InterruptedException e) {
      throw new CancellationException("interrupted: a stage waits for the one beside it");
    }
  }

  /** One array from {@link #SENDER} to {@link #RECEIVER}. */
  Schedule transfer(int count) {
    return transfers.computeIfAbsent(count, Mailbox::build);
  }

  private static Schedule build(int count) {
    var builder = new ScheduleBuilder("send", 2, count);
    builder.copy(0, SENDER, RECEIVER, 0, count);
    return builder.build();
  }
}
