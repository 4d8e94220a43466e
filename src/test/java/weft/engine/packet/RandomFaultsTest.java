package weft.engine.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.gbps;
import static weft.units.Units.mib;
import static weft.units.Units.ns;
import static weft.units.Units.us;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import weft.fabric.Fabric;
import weft.fabric.Link;
import weft.fabric.Node;
import weft.fault.Failover;
import weft.fault.Fault;
import weft.fault.FaultPlan;
import weft.routing.Dynamic;
import weft.routing.Ecmp;
import weft.routing.Flowlet;
import weft.routing.LoadBalancing;
import weft.routing.Spray;
import weft.routing.Ugal;
import weft.routing.Valiant;
import weft.routing.Weighted;
import weft.sim.RandomStreams;
import weft.transport.Pfc;
import weft.units.Time;

/** Random fabrics, every transport, everything that can break: nothing hangs, all is accounted. */
class RandomFaultsTest {
  private static final List<LoadBalancing> BALANCINGS =
      List.of(
          Ecmp.fiveTuple(),
          Ecmp.fiveTuple(),
          Spray.perPacket(),
          Spray.roundRobin(),
          Ugal.local(),
          Valiant.perFlow(),
          Flowlet.gap(us(5)),
          Dynamic.perPacket(),
          Weighted.byCapacity());

  /** GPUs with one or two NICs on two to four leaves below two or three spines. */
  private static Fabric redundant(RandomGenerator random) {
    int leaves = 2 + random.nextInt(3);
    int spines = 2 + random.nextInt(2);
    var nodes = new ArrayList<Node>();
    var links = new ArrayList<Link>();
    for (int l = 0; l < leaves; l++) {
      nodes.add(Node.leaf("leaf" + l));
    }
    for (int s = 0; s < spines; s++) {
      nodes.add(Node.spine("spine" + s));
      for (int l = 0; l < leaves; l++) {
        links.add(new Link(l, leaves + s, gbps(100), ns(random.nextInt(1000))));
      }
    }
    for (int g = 0; g < 2 * leaves; g++) {
      int node = nodes.size();
      nodes.add(Node.gpu("gpu" + g));
      links.add(new Link(node, g % leaves, gbps(100), ns(200)));
      if (random.nextBoolean()) {
        links.add(new Link(node, (g + 1) % leaves, gbps(100), ns(200)));
      }
    }
    return Fabric.of("redundant", nodes, links);
  }

  private static Time time(RandomGenerator random, int most) {
    return us(random.nextInt(most));
  }

  static List<Fault> faults(Fabric fabric, RandomGenerator random) {
    var faults = new ArrayList<Fault>();
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      Fault fault = fault(fabric, random);
      Time start = time(random, 40);
      fault = fault.at(start);
      faults.add(
          random.nextInt(3) == 0 ? fault : fault.until(start.plus(us(1 + random.nextInt(300)))));
    }
    faults.replaceAll(f -> f.toString().contains("until") ? f : ended(f));
    return faults;
  }

  private static Fault ended(Fault fault) {
    boolean must = fault.toString().matches(".*(reloads|is upgraded|flaps).*"); // these have an end
    return must ? fault.until(us(400)) : fault;
  }

  private static Fault fault(Fabric fabric, RandomGenerator random) {
    int link = random.nextInt(fabric.links().size());
    String a = fabric.nodes().get(fabric.links().get(link).a()).name();
    String b = fabric.nodes().get(fabric.links().get(link).b()).name();
    List<String> switches =
        fabric.nodes().stream().filter(n -> n.role().forwards()).map(Node::name).toList();
    String one = switches.get(random.nextInt(switches.size()));
    int gpu = random.nextInt(fabric.gpus());
    return switch (random.nextInt(10)) {
      case 0 -> Fault.linkDown(link);
      case 1 -> Fault.linkDown(a, b);
      case 2 -> Fault.flapping(a, b).downFor(us(1 + random.nextInt(20))).every(us(30));
      case 3 -> Fault.optics(a, b).bitErrorRate(Math.pow(10, -4 - random.nextInt(5)));
      case 4 -> Fault.switchDies(one);
      case 5 -> Fault.switchReloads(one);
      case 6 -> Fault.hitlessUpgrade(one);
      case 7 -> Fault.nicStops(gpu);
      case 8 -> Fault.gpuStops(gpu);
      default -> Fault.slowHost(gpu, 0.05 + 0.9 * random.nextDouble());
    };
  }

  private static PacketEngine run(int seed, int threads) {
    var random = new RandomStreams(seed).named("test");
    var fabric =
        switch (random.nextInt(8)) {
          case 0 -> Fabric.dragonfly().balanced(2).build();
          case 1 -> Fabric.torus().sizes(3, 4).build();
          case 2, 3, 4 -> redundant(random);
          default -> RandomFabricTest.fabric(random);
        };
    fabric = fabric.buffer(mib(8));
    var transport = RandomTransportsTest.transport(seed);
    var balancing = BALANCINGS.get(random.nextInt(BALANCINGS.size()));
    var engine = new PacketEngine(fabric, transport, balancing, seed);
    engine.threads(threads);
    var failover = new Failover(time(random, 20), time(random, 40));
    List<Fault> faults = faults(fabric, random);
    if (transport.link() instanceof Pfc && seed % 2 == 0) {
      Fault storm = Fault.pauseStorm(seed % fabric.gpus()).at(us(10));
      faults.add(seed % 4 == 0 ? storm : storm.until(us(200)));
    }
    engine.during(FaultPlan.of(fabric, faults, failover));
    RandomTransportsTest.send(engine, fabric.gpus(), random);
    for (int i = 1; i < 10; i++) { // verify() in the midst of things
      engine.runUntil(i * us(7).ps());
      engine.verify();
    }
    engine.run();
    return engine;
  }

  static IntStream seeds() {
    return IntStream.range(0, 420);
  }

  /**
   * What does not arrive is either given up, and says so, or stands before a cut, and says that.
   */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyMessageArrivesOrSaysWhyNot(int seed) {
    var engine = run(seed, 1);
    List<String> stuck =
        engine.stuck().stream().filter(line -> line.startsWith("message")).toList();
    int missing = 0;
    for (int m = 0; m < engine.messages(); m++) {
      if (engine.deliveredPs(m) == PacketEngine.NOT_YET) {
        boolean explained =
            stuck.get(missing).matches(".*(IBV_WC_RETRY_EXC_ERR|grants).*because.*");
        assertTrue(explained, stuck.get(missing));
        missing++;
      }
    }
    assertEquals(missing, stuck.size());
  }

  @Test
  void theSameSeedGivesTheSameBitsOnOneThreadAndOnTwo() {
    long sum = 0;
    for (int seed = 0; seed < 100; seed++) {
      long once = RandomFabricTest.checksum(run(seed, 1));
      assertEquals(once, RandomFabricTest.checksum(run(seed, 1)), "seed " + seed);
      assertEquals(once, RandomFabricTest.checksum(run(seed, 2)), "seed " + seed);
      sum = RandomStreams.mix(sum ^ once);
    }
    assertEquals(7965247030764815750L, sum);
  }
}
