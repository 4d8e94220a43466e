package weft.engine.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.gbps;
import static weft.units.Units.mib;
import static weft.units.Units.ms;
import static weft.units.Units.ns;
import static weft.units.Units.us;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import weft.engine.packet.QueuePairCounters.Status;
import weft.fabric.Fabric;
import weft.fabric.Link;
import weft.fabric.Node;
import weft.fault.Failover;
import weft.fault.Fault;
import weft.fault.FaultPlan;
import weft.routing.Ecmp;
import weft.routing.LoadBalancing;
import weft.routing.Spray;
import weft.transport.CongestionControl;
import weft.transport.Dcqcn;
import weft.transport.RoceV2;
import weft.transport.Transport;
import weft.units.Time;

/** What breaks while packets are under way. At 100 Gb/s a byte takes 80 ps. */
class FaultsTest {
  private static final RoceV2 ROCE = RoceV2.lossy(CongestionControl.none()).timeout(4);
  private static final long FULL = (4096 + RoceV2.OVERHEAD) * 80L;
  private static final long RETH = RoceV2.RETH * 80L;
  private static final long CABLE = 1_000_000;
  private static final long SWITCH = 500_000;
  private static final Fabric STAR = Sketch.of("abcd --100G 1000ns-- s");
  private static final Failover NEVER = new Failover(ms(1000), ms(1000));

  private static PacketEngine engine(Fabric fabric, Transport transport, LoadBalancing balancing) {
    return new PacketEngine(fabric.buffer(mib(16)).switchLatency(ns(500)), transport, balancing, 1);
  }

  private static PacketEngine engine(Fabric fabric, Failover failover, Fault... faults) {
    PacketEngine engine = engine(fabric, ROCE, Ecmp.fiveTuple());
    engine.during(FaultPlan.of(fabric, List.of(faults), failover));
    return engine;
  }

  /** Two GPUs on each of two leaves, two spines. */
  private static Fabric twoSpines() {
    var nodes = new ArrayList<Node>();
    var links = new ArrayList<Link>();
    nodes.add(Node.leaf("leaf0"));
    nodes.add(Node.leaf("leaf1"));
    nodes.add(Node.spine("spine0"));
    nodes.add(Node.spine("spine1"));
    for (int leaf = 0; leaf < 2; leaf++) {
      for (int spine = 2; spine < 4; spine++) {
        links.add(new Link(leaf, spine, gbps(100), us(1)));
      }
    }
    for (int gpu = 0; gpu < 4; gpu++) {
      nodes.add(Node.gpu("gpu" + gpu));
      links.add(new Link(4 + gpu, gpu / 2, gbps(100), us(1)));
    }
    return Fabric.of("two spines", nodes, links);
  }

  private static long lost(PacketEngine engine) {
    return engine.allPorts().stream().mapToLong(PortCounters::lost).sum();
  }

  private static PortCounters port(PacketEngine engine, String name) {
    return engine.allPorts().stream().filter(p -> p.name().equals(name)).findFirst().orElseThrow();
  }

  /** The spine that a lone flow from GPU 0 to GPU 2 takes. */
  private static String spineOf(Fabric fabric) {
    PacketEngine engine = engine(fabric, NEVER);
    engine.send(engine.connect(0, 2), 4096, 0);
    engine.run();
    return port(engine, "leaf0>spine0").packets() > 0 ? "spine0" : "spine1";
  }

  /** Nothing tells the sender but its timer, whose first run is exact. */
  @Test
  void aPacketLostInALinkThatIsDownGoesAgainAfterTheTimeout() {
    PacketEngine engine = engine(STAR, NEVER, Fault.linkDown("s", "b").until(us(60)));
    int message = engine.send(engine.connect(0, 1), 4096, 0);
    engine.run();
    long once = 2 * (FULL + RETH) + 2 * CABLE + SWITCH;
    assertEquals(ROCE.timeout().ps() + once, engine.deliveredPs(message));
    assertEquals(1, lost(engine));
    assertEquals(1, port(engine, "s>b").lost());
  }

  /** A first bit sent just before the link goes down gets through, one sent just then does not. */
  @Test
  void aLinkIsDownFromItsTimeOnAndUpFromItsTimeOn() {
    long first = FULL + RETH + CABLE + SWITCH; // when the switch begins to send to b
    for (long early = 0; early < 2; early++) {
      Fault down = Fault.linkDown("b", "s").at(new Time(first + early)).until(us(60));
      PacketEngine engine = engine(STAR, NEVER, down);
      engine.send(engine.connect(0, 1), 4096, 0);
      engine.run();
      assertEquals(1 - early, port(engine, "s>b").lost());
      Fault up = Fault.linkDown("b", "s").until(new Time(first + early));
      PacketEngine other = engine(STAR, NEVER, up);
      other.send(other.connect(0, 1), 4096, 0);
      other.run();
      assertEquals(early, port(other, "s>b").lost());
    }
  }

  /**
   * The leaf at the dead link moves the flow after the hold time; the first packet by the other
   * spine tells of the gap, and one round trip later the sender begins again where it was cut.
   */
  @Test
  void withAnotherPathAFlowGoesOnAfterTheHoldTime() {
    Fabric fabric = twoSpines();
    String spine = spineOf(fabric);
    long packets = 500;
    long down = us(50).ps();
    long hold = us(20).ps();
    long healthy = (packets + 3) * FULL + 4 * RETH + 4 * CABLE + 3 * SWITCH;
    PacketEngine engine =
        engine(
            fabric,
            new Failover(new Time(hold), ms(1)),
            Fault.linkDown("leaf0", spine).at(new Time(down)));
    int message = engine.send(engine.connect(0, 2), packets * 4096, 0);
    engine.run();
    long roundTrip = 8 * CABLE + 6 * SWITCH + 4 * FULL + 4 * RoceV2.ACK_WIRE * 80;
    long later = engine.deliveredPs(message) - healthy;
    assertTrue(later >= hold && later <= hold + roundTrip + 2 * FULL, later + " ps");
    assertTrue(Math.abs(lost(engine) - hold / FULL) <= 1, lost(engine) + " lost");
    assertEquals(0, engine.counters(0).timeouts());
  }

  /** The spine that is cut off from the far leaf has no other way; the near leaf has to learn. */
  @Test
  void aLinkDownFarAwayCostsTheHoldTimeAndTheTimeToReroute() {
    Fabric fabric = twoSpines();
    String spine = spineOf(fabric);
    long packets = 500;
    long healthy = (packets + 3) * FULL + 4 * RETH + 4 * CABLE + 3 * SWITCH;
    PacketEngine engine =
        engine(fabric, new Failover(us(10), us(25)), Fault.linkDown(spine, "leaf1").at(us(50)));
    int message = engine.send(engine.connect(0, 2), packets * 4096, 0);
    engine.run();
    long wait = us(35).ps();
    long roundTrip = 8 * CABLE + 6 * SWITCH + 4 * FULL + 4 * RoceV2.ACK_WIRE * 80;
    long later = engine.deliveredPs(message) - healthy;
    long ahead = FULL + CABLE + SWITCH; // of the near leaf, what came to the spine too late
    assertTrue(later >= wait && later <= wait + ahead + roundTrip + 2 * FULL, later + " ps");
    assertEquals(0, engine.counters(0).timeouts());
  }

  @Test
  void aFlapShorterThanTheHoldTimeIsNeverNoticed() {
    Fabric fabric = twoSpines();
    String spine = spineOf(fabric);
    String other = spine.equals("spine0") ? "spine1" : "spine0";
    Fault flaps =
        Fault.flapping("leaf0", spine).downFor(us(5)).every(us(20)).at(us(10)).until(us(100));
    PacketEngine held = engine(fabric, new Failover(us(6), us(0)), flaps);
    held.send(held.connect(0, 2), 400 * 4096, 0);
    held.run();
    assertEquals(0, port(held, "leaf0>" + other).packets());
    assertTrue(lost(held) >= 5 * us(5).ps() / FULL / 2, lost(held) + " lost");
    PacketEngine hasty = engine(fabric, new Failover(us(4), us(0)), flaps);
    hasty.send(hasty.connect(0, 2), 400 * 4096, 0);
    hasty.run();
    assertTrue(port(hasty, "leaf0>" + other).packets() > 0);
    assertEquals(0, hasty.stuck().size());
  }

  /** IBTA: seven retries after the first timeout, then the error. */
  @Test
  void theFlowsOfADeadSwitchSayWhyTheyAreStuck() {
    PacketEngine engine = engine(STAR, NEVER, Fault.switchDies("s").at(us(30)));
    int done = engine.send(engine.connect(0, 1), 4096, 0);
    int cut = engine.send(engine.connect(2, 3), 100 * 4096, 0);
    engine.run();
    assertTrue(engine.deliveredPs(done) > 0);
    assertEquals(Status.RETRY_EXCEEDED, engine.status(engine.queuePair(cut)));
    String line = engine.stuck().get(0);
    assertTrue(line.startsWith("message 1 (c > d, 400 KiB): "), line);
    assertTrue(
        line.endsWith(
            "its queue pair gave up after 8 timeouts (IBV_WC_RETRY_EXC_ERR),"
                + " because c>s loses what it sends since 30 us (s dies)"),
        line);
  }

  /** What lay in the buffers of a switch that dies is lost, and the books balance. */
  @Test
  void whenASpineDiesTheOtherCarriesEverything() {
    Fabric fabric = twoSpines();
    for (LoadBalancing balancing : List.of(Ecmp.fiveTuple(), Spray.perPacket())) {
      var engine = engine(fabric, RoceV2.lossless(Dcqcn.defaults()).timeout(6), balancing);
      Fault dies = Fault.switchDies("spine0").at(us(30));
      engine.during(FaultPlan.of(fabric, List.of(dies), new Failover(us(10), us(10))));
      for (int gpu = 0; gpu < 4; gpu++) {
        engine.send(engine.connect(gpu, (gpu + 2) % 4), 500_000, 0);
      }
      engine.run();
      assertEquals(List.of(), engine.stuck());
      assertTrue(lost(engine) > 0);
      assertEquals(0, port(engine, "leaf0>spine0").drops());
    }
  }

  @Test
  void aSwitchThatReloadsIsUsedAgainOnceRoutesHaveConverged() {
    Fabric fabric = twoSpines();
    String spine = spineOf(fabric);
    var failover = new Failover(us(10), us(10));
    PacketEngine engine =
        engine(fabric, failover, Fault.switchReloads(spine).at(us(20)).until(us(200)));
    int qp = engine.connect(0, 2);
    engine.send(qp, 4096, us(217).ps());
    engine.send(qp, 4096, us(221).ps());
    engine.run();
    assertEquals(List.of(), engine.stuck());
    assertEquals(1, port(engine, "leaf0>" + spine).packets());
    assertEquals(0, lost(engine));
  }

  /** A chip that forwards on does not need its software, unless something else breaks. */
  @Test
  void aHitlessUpgradeCostsNothingUntilSomethingElseBreaks() {
    Fabric fabric = twoSpines();
    String spine = spineOf(fabric);
    Fault upgrade = Fault.hitlessUpgrade("leaf0").at(us(20)).until(us(100));
    Fault down = Fault.linkDown("leaf0", spine).at(us(40));
    var failover = new Failover(us(10), ms(1));
    long[] done = new long[4];
    Fault[][] cases = {{}, {upgrade}, {down}, {down, upgrade}};
    for (int c = 0; c < cases.length; c++) {
      PacketEngine engine = engine(fabric, ROCE.timeout(8), Ecmp.fiveTuple());
      engine.during(FaultPlan.of(fabric, List.of(cases[c]), failover));
      int message = engine.send(engine.connect(0, 2), 500 * 4096, 0);
      engine.run();
      done[c] = engine.deliveredPs(message);
    }
    assertEquals(done[0], done[1]);
    long later = done[3] - done[2];
    assertTrue(
        Math.abs(later - us(50).ps()) <= FULL, later + " ps"); // noticed at 100 in place of 50 us
  }

  /** A NIC that stops takes its links down; of a GPU off its bus nobody learns. */
  @Test
  void whatIsSentToAStoppedGpuIsGivenUp() {
    for (Fault fault : List.of(Fault.nicStops(1), Fault.gpuStops(1))) {
      PacketEngine engine = engine(STAR, new Failover(us(1), us(1)), fault.at(us(3)));
      int away = engine.send(engine.connect(0, 1), 100 * 4096, 0);
      int others = engine.send(engine.connect(2, 3), 100 * 4096, 0);
      engine.run();
      assertEquals(Status.RETRY_EXCEEDED, engine.status(engine.queuePair(away)));
      assertTrue(engine.deliveredPs(others) > 0);
      assertTrue(engine.stuck().get(0).contains("GPU 1 stops"), engine.stuck().get(0));
    }
  }

  /** At half the rate a packet follows the one before after twice the time; the last has none. */
  @Test
  void aSlowHostHalvesTheRate() {
    PacketEngine engine = engine(STAR, NEVER, Fault.slowHost(0, 0.5));
    long packets = 100;
    int message = engine.send(engine.connect(0, 1), packets * 4096, 0);
    engine.run();
    long sent = 2 * (packets - 1) * FULL + 2 * RETH + FULL;
    assertEquals(sent + FULL + 2 * CABLE + SWITCH, engine.deliveredPs(message));
  }

  /**
   * Guo et al., "RDMA over Commodity Ethernet at Scale", SIGCOMM 2016, 4.4: slow receivers pause.
   */
  @Test
  void aSlowReceiverHasItsSwitchPauseWhoeverSendsToIt() {
    var engine =
        new PacketEngine(
            STAR.buffer(mib(1)), RoceV2.lossless(CongestionControl.none()), Ecmp.fiveTuple(), 1);
    engine.during(FaultPlan.of(STAR, List.of(Fault.slowHost(1, 0.25)), NEVER));
    int message = engine.send(engine.connect(0, 1), 4_000_000, 0);
    engine.run();
    assertTrue(port(engine, "s>a").pausesSent() > 0);
    double rate = 4_000_000 * 8e3 / engine.deliveredPs(message); // Gb/s
    assertEquals(25 * 4096 / (4096.0 + RoceV2.OVERHEAD), rate, 0.5);
  }

  /** {@code 1 - (1 - b)^n}, written out. */
  @Test
  void bitErrorsBecomePacketLoss() {
    Fabric pair = Sketch.of("a --100G 100ns-- b");
    double rate = 1e-6;
    double expected = 1 - Math.pow(1 - rate, 8.0 * (4096 + RoceV2.OVERHEAD));
    var engine =
        engine(pair, RoceV2.lossy(CongestionControl.none()).selectiveRepeat(), Ecmp.fiveTuple());
    Fault weak = Fault.optics("a", "b").bitErrorRate(rate);
    engine.during(FaultPlan.of(pair, List.of(weak), NEVER));
    engine.send(engine.connect(0, 1), 20_000L * 4096, 0);
    engine.run();
    PortCounters port = port(engine, "a>b");
    double share = (double) port.lost() / port.packets();
    double sigma = Math.sqrt(expected * (1 - expected) / port.packets());
    assertEquals(0.0328, expected, 0.0001);
    assertEquals(expected, share, 4 * sigma);
  }

  @Test
  void faultsAreTheSameBitsOnTwoThreads() {
    Fabric fabric = Fabric.fatTree().k(4).nic(gbps(100)).cable(us(1)).build();
    long[] sums = new long[3];
    for (int threads = 0; threads <= 2; threads++) {
      var engine = new PacketEngine(fabric, ROCE, Ecmp.fiveTuple(), 1);
      engine.threads(Math.max(1, threads));
      if (threads > 0) {
        List<Fault> faults =
            List.of(
                Fault.switchDies(fabric.nodes().get(fabric.nodes().size() - 1).name()).at(us(20)),
                Fault.linkDown(20).at(us(15)).until(us(70)),
                Fault.slowHost(3, 0.7),
                Fault.nicStops(5).at(us(50)).until(us(90)));
        engine.during(FaultPlan.of(fabric, faults, new Failover(us(5), us(10))));
      }
      for (int gpu = 0; gpu < 16; gpu++) {
        engine.send(engine.connect(gpu, (gpu + 5) % 16), 1_000_000, 0);
      }
      engine.run();
      sums[threads] = RandomFabricTest.checksum(engine);
    }
    assertEquals(sums[1], sums[2]);
    assertNotEquals(sums[0], sums[1]);
  }
}
