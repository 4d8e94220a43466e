package weft.engine.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.kib;
import static weft.units.Units.mib;
import static weft.units.Units.ns;
import static weft.units.Units.us;

import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weft.fabric.Fabric;
import weft.routing.Ecmp;
import weft.transport.CongestionControl;
import weft.transport.Credits;
import weft.transport.Entropy;
import weft.transport.InfiniBand;
import weft.transport.KernelCost;
import weft.transport.LinkControl;
import weft.transport.Rccc;
import weft.transport.RoceV2;
import weft.transport.Tcp;
import weft.transport.Transport;
import weft.transport.Uet;

/** What each transport is known for, against closed forms. */
class TransportsTest {
  private static final long PACKET_PS = (4096 + RoceV2.OVERHEAD) * 80L; // at 100 Gb/s
  private static final Fabric LONG = Sketch.of("ab --100G 100000ns-- s").buffer(mib(16));
  private static final Fabric STAR =
      Sketch.of("abcdefghi --100G 1000ns-- s").buffer(mib(8)).switchLatency(ns(0));

  private static PacketEngine one(Fabric fabric, Transport transport, long bytes, double loss) {
    var engine = new PacketEngine(fabric, transport, Ecmp.fiveTuple(), 1);
    engine.settings().loseAt(0, loss);
    engine.send(engine.connect(0, 1), bytes, 0);
    engine.run();
    assertTrue(engine.stuck().isEmpty(), () -> String.join("\n", engine.stuck()));
    return engine;
  }

  private static PacketEngine incast(Transport transport) {
    var engine = new PacketEngine(STAR, transport, Ecmp.fiveTuple(), 1);
    for (int s = 1; s < 9; s++) {
      engine.send(engine.connect(s, 0), 1_000_000, 0);
    }
    engine.run();
    assertTrue(engine.stuck().isEmpty(), () -> String.join("\n", engine.stuck()));
    return engine;
  }

  private static long sum(PacketEngine engine, ToLongFunction<PortCounters> what) {
    return engine.allPorts().stream().mapToLong(what).sum();
  }

  private static long again(PacketEngine engine) {
    long sum = 0;
    for (int qp = 0; qp < engine.queuePairs(); qp++) {
      sum += engine.counters(qp).retransmittedPackets();
    }
    return sum;
  }

  /**
   * Going back sends all that is under way again: with W packets a round trip and loss p a packet
   * costs 1 + pW. Here W = 1,198 and p = 1e-3, so that less than half is goodput.
   */
  @Test
  void goBackNCollapsesWithTheRoundTripAndTheLoss() {
    long bytes = 400_000_000;
    var engine = one(LONG, RoceV2.lossy(CongestionControl.none()), bytes, 1e-3);
    double packets = bytes / 4096.0;
    double roundTrip = (400_000_000.0 + 2 * PACKET_PS) / PACKET_PS;
    double expected = packets * (1 + 1e-3 * roundTrip) * PACKET_PS;
    assertEquals(expected, (double) engine.acknowledgedPs(0), 0.1 * expected);
    assertTrue(again(engine) > packets);
  }

  /** What is lost goes again and nothing else: a packet costs 1 + p. */
  @Test
  void selectiveRepeatLosesWhatWasLostAndNoMore() {
    long bytes = 400_000_000;
    Transport selective = RoceV2.lossy(CongestionControl.none()).selectiveRepeat();
    var engine = one(LONG, selective, bytes, 1e-3);
    assertEquals(sum(engine, PortCounters::lost), again(engine));
    double expected = bytes / 4096.0 * (1 + 1e-3) * PACKET_PS + 800_000_000;
    assertEquals(expected, (double) engine.acknowledgedPs(0), 0.01 * expected);
  }

  /** A port sends what it has credit for once in the time that credit takes to come back. */
  @ParameterizedTest
  @ValueSource(ints = {64, 256, 1024})
  void inputsWithLittleCreditBoundTheRate(int kib) {
    long bytes = 100_000_000;
    var transport = InfiniBand.defaults().credits(Credits.of(kib(kib)));
    var engine = one(LONG, transport, bytes, 0);
    long wire = 4096 + InfiniBand.OVERHEAD;
    long inFlight = kib * 1024L / wire; // packets, whole
    double loop = 200_000_000.0 + wire * 80 + Credits.UPDATE_WIRE * 80;
    double expected = Math.ceil(bytes / 4096.0) / (double) inFlight * loop;
    assertEquals(expected, (double) engine.acknowledgedPs(0), 0.03 * expected);
    assertEquals(0, sum(engine, PortCounters::drops));
  }

  @Test
  void creditsPauseNobodyAndDropNothing() {
    var engine = incast(InfiniBand.defaults());
    assertEquals(0, sum(engine, PortCounters::drops) + sum(engine, PortCounters::pausesSent));
    assertEquals(0, again(engine));
    double drain = 8 * 245 * (4096.0 + InfiniBand.OVERHEAD) * 80;
    assertEquals(drain, (double) engine.now(), 0.02 * drain);
  }

  /** The receiver of a header asks at once; without trimming only the timeout does. */
  @Test
  void trimmingRepairsAnIncastWithoutATimeout() {
    Uet eager = Uet.with(CongestionControl.none()).spraying(Entropy.fixed());
    var trimmed = incast(eager.timeout(us(2000)));
    var dropped = incast(eager.timeout(us(2000)).link(LinkControl.drop()));
    assertTrue(sum(trimmed, PortCounters::trims) > 0);
    assertEquals(0, sum(trimmed, PortCounters::drops));
    for (int qp = 0; qp < trimmed.queuePairs(); qp++) {
      assertEquals(0, trimmed.counters(qp).timeouts());
    }
    double drain = 8 * 245 * (4096.0 + Uet.OVERHEAD) * 80;
    assertEquals(drain, (double) trimmed.now(), 0.15 * drain);
    assertTrue(dropped.now() > us(2000).ps());
  }

  /** A receiver grants its own port's rate: no queue beyond what senders begin with unasked. */
  @Test
  void creditOfTheReceiverBoundsItsQueue() {
    long roundTrip = 4 * us(1).ps() + 2 * (4096 + Uet.OVERHEAD + 84) * 80;
    long firsts = 8 * roundTrip / 80;
    assertTrue(longestQueue(incast(Uet.with(Rccc.defaults()))) < firsts);
    assertTrue(longestQueue(incast(Uet.with(CongestionControl.none()))) > 2 * firsts);
  }

  private static long longestQueue(PacketEngine engine) {
    return engine.allPorts().stream().mapToLong(PortCounters::maxQueueBytes).max().orElse(0);
  }

  /** A destroyed packet costs its link its round trip and the packet once more. */
  @Test
  void linkRetryHidesBitErrors() {
    long bytes = 40_000_000;
    Uet uet = Uet.with(CongestionControl.none()).timeout(us(5000));
    var engine = one(LONG, uet.retryingLinks(), bytes, 1e-3);
    long retries = sum(engine, PortCounters::linkRetries);
    assertEquals(9.8, (double) retries, 7);
    assertEquals(0, again(engine) + sum(engine, PortCounters::lost));
    long packet = (4096 + Uet.OVERHEAD) * 80L;
    var clean = one(LONG, uet, bytes, 0);
    long cost = engine.acknowledgedPs(0) - clean.acknowledgedPs(0);
    assertEquals((double) retries * (200_000_000 + packet), (double) cost, (double) packet);
  }

  /** Cai et al. (SIGCOMM 2021) measured 42 Gb/s a core; more cores' worth of cable is idle. */
  @Test
  void aCoreBoundsTcp() {
    long bytes = 500_000_000;
    var engine = one(STAR, Tcp.cubic(), bytes, 0);
    double gbps = bytes * 8e3 / engine.deliveredPs(0);
    assertEquals(42, gbps, 2);
    var free = one(STAR, Tcp.cubic().withoutKernel(), bytes, 0);
    assertEquals(100, free(free, bytes), 3);
    KernelCost twice = new KernelCost(us(2), 0, us(5), mib(6));
    var slow = one(STAR, Tcp.cubic().kernel(twice), bytes, 0);
    assertEquals(8948 * 8 / 2.0 / 1e3, free(slow, bytes), 1);
  }

  private static double free(PacketEngine engine, long bytes) {
    return bytes * 8e3 / engine.deliveredPs(0);
  }

  /**
   * DCTCP holds the queue near its K (Alizadeh et al., SIGCOMM 2010, figure 1), CUBIC fills what
   * buffer there is.
   */
  @Test
  void dctcpKeepsTheQueueShortThatCubicFills() {
    Tcp dctcp = Tcp.dctcp().withoutKernel();
    long k = 10 * dctcp.marking().kmin().bytes(); // which is meant for 10 Gb/s
    assertEquals((double) k, meanQueue(dctcp), 0.1 * k);
    assertTrue(meanQueue(Tcp.cubic().withoutKernel()) > 2 * k);
  }

  /** Of two flows into one port, from 2 to 6 ms. */
  private static double meanQueue(Transport transport) {
    var engine = new PacketEngine(STAR, transport, Ecmp.fiveTuple(), 1);
    engine.send(engine.connect(1, 0), 50_000_000, 0);
    engine.send(engine.connect(2, 0), 50_000_000, 0);
    double sum = 0;
    for (int i = 0; i < 400; i++) {
      engine.runUntil(us(2000).ps() + i * us(10).ps());
      sum += engine.queueBytes(1);
    }
    return sum / 400;
  }
}
