package weft.engine.reliability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SelectiveRepeatTest {
  private static final int ENOUGH = 1000;

  private static SelectiveRepeat sent(int tolerance, int packets) {
    var sender = new SelectiveRepeat(tolerance);
    for (int psn = 0; psn < packets; psn++) {
      assertEquals(psn, sender.next(ENOUGH));
      sender.sent(psn, 100, 7 * psn, psn);
    }
    return sender;
  }

  /** RFC 9002, section 6.1.1: lost when sent 3 packets before one that is acknowledged. */
  @Test
  void aPacketIsLostWhenOneSentThreeAfterItIsAcknowledged() {
    SelectiveRepeat sender = sent(3, 10);
    assertEquals(0, sender.acknowledge(1, 0, 1));
    assertEquals(0, sender.acknowledge(2, 0, 2));
    assertEquals(1, sender.acknowledge(3, 0, 3));
    assertTrue(sender.isLost(0));
    assertEquals(0, sender.next(ENOUGH));
    assertEquals(600, sender.flightBytes());
    assertEquals(300, sender.ackedBytes());
  }

  @Test
  void onlyWhatIsMissingGoesAgain() {
    SelectiveRepeat sender = sent(1, 10);
    for (int psn : new int[] {0, 1, 3, 4, 6}) {
      sender.acknowledge(psn, Math.min(psn + 1, 2), psn);
    }
    assertEquals(2, sender.next(ENOUGH));
    sender.sent(2, 100, 0, 20);
    assertEquals(5, sender.next(ENOUGH));
    sender.sent(5, 100, 0, 21);
    assertEquals(10, sender.next(ENOUGH), "and then what is new");
  }

  @Test
  void aLostRetransmissionIsFoundLostToo() {
    SelectiveRepeat sender = sent(1, 3);
    sender.acknowledge(1, 0, 1);
    sender.sent(sender.next(ENOUGH), 100, 0, 10);
    sender.sent(sender.next(ENOUGH), 100, 0, 11);
    assertEquals(0, sender.lost());
    sender.acknowledge(3, 0, 11);
    assertTrue(sender.isLost(0), "3 was sent after 0 was sent again");
  }

  /** An acknowledgement of the first transmission says nothing of what was sent after it. */
  @Test
  void aLateAcknowledgementOfTheFirstTransmissionTellsNothingOfTheSecond() {
    SelectiveRepeat sender = sent(1, 3);
    sender.acknowledge(1, 0, 1);
    sender.sent(0, 100, 0, 10);
    assertEquals(0, sender.acknowledge(0, 2, 0));
    assertFalse(sender.isLost(2));
    assertEquals(2, sender.unacked());
  }

  @Test
  void inAnyOrderOnlyReportsAndTimeoutsMeanLoss() {
    SelectiveRepeat sender = sent(SelectiveRepeat.ANY_ORDER, 10);
    assertEquals(0, sender.acknowledge(9, 0, 9));
    assertTrue(sender.reportLost(4, 4));
    assertFalse(sender.reportLost(4, 4), "it has been reported before");
    assertFalse(sender.reportLost(9, 9), "it has arrived");
    assertEquals(4, sender.next(ENOUGH));
    sender.sent(4, 100, 0, 30);
    assertFalse(sender.reportLost(4, 4), "that was the transmission before");
    assertEquals(0, sender.oldest());
    assertEquals(3, sender.loseSentUntil(2));
    assertEquals(3, sender.oldest());
    assertEquals(0, sender.next(ENOUGH));
  }

  @Test
  void labelsComeBack() {
    SelectiveRepeat sender = sent(1, 200);
    assertEquals(7 * 150, sender.tag(150));
  }

  /** Whatever the channel does, everything arrives, once, and nothing is sent for ever. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 32, SelectiveRepeat.ANY_ORDER})
  void everythingArrivesOnceOverAnyChannel(int tolerance) {
    for (long seed = 1; seed <= 200; seed++) {
      var random = new Well19937c(seed);
      double loss = random.nextInt(4) * 0.1;
      int jitter = random.nextInt(3) * 20;
      String at =
          "seed %d, loss %s, jitter %d, tolerance %d".formatted(seed, loss, jitter, tolerance);
      var transfer = new Transfer(random, loss, jitter, tolerance);
      transfer.run(at);
      if (loss == 0 && jitter == 0) {
        assertEquals(transfer.packets, transfer.transmissions, at);
      }
    }
  }

  /** One message over the channel and the acknowledgements back. */
  private static final class Transfer {
    private static final int WINDOW = 10_000; // bytes
    private static final long TIMEOUT = 100; // ticks

    final int packets;
    int transmissions;
    private final SelectiveRepeat sender;
    private final ReceiveWindow receiver = new ReceiveWindow();
    private final LossyChannel there;
    private final LossyChannel back;
    private final int[] taken;
    private int delivered; // in order

    Transfer(RandomGenerator random, double loss, int jitter, int tolerance) {
      packets = 1 + random.nextInt(600);
      taken = new int[packets];
      sender = new SelectiveRepeat(tolerance);
      there = new LossyChannel(random, loss, 0.05, jitter);
      back = new LossyChannel(random, loss, 0.05, jitter);
    }

    void run(String at) {
      for (long now = 0; sender.unacked() < packets; now++) {
        assertTrue(now < 1_000_000, at + ": it hangs");
        step(now);
        check(at);
      }
      assertEquals(100L * packets, sender.ackedBytes(), at);
      assertEquals(0, sender.flightBytes(), at);
      for (int count : taken) {
        assertEquals(1, count, at);
      }
    }

    private void step(long now) {
      sender.loseSentUntil(now - TIMEOUT);
      int next = sender.next(packets);
      if (next != SelectiveRepeat.NONE && sender.flightBytes() < WINDOW) {
        sender.sent(next, 100, 0, now);
        there.put(now, next, 0, now);
        transmissions++;
      }
      while (there.has(now)) {
        LossyChannel.Item item = there.take();
        taken[item.psn()] += receiver.take(item.psn()) ? 1 : 0;
        back.put(now, item.psn(), receiver.expected(), item.stamp());
      }
      while (back.has(now)) {
        LossyChannel.Item item = back.take();
        sender.acknowledge(item.psn(), item.expected(), item.stamp());
      }
    }

    private void check(String at) {
      assertTrue(sender.unacked() <= receiver.expected(), at);
      assertTrue(receiver.expected() <= sender.fresh(), at);
      for (; delivered < receiver.expected(); delivered++) {
        assertEquals(1, taken[delivered], at + ": delivered before it came");
      }
      long accounted = sender.flightBytes() + sender.ackedBytes() + 100L * sender.lost();
      assertEquals(100L * sender.fresh(), accounted, at + ": sent = flight + acked + lost");
    }
  }
}
