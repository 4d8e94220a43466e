package weft.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.gbps;
import static weft.units.Units.us;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.commons.math3.random.Well19937c;
import org.junit.jupiter.api.Test;
import weft.cluster.Server;
import weft.engine.flow.FlowEngine;
import weft.engine.flow.Route;
import weft.experiment.PathFinder.Way;
import weft.fabric.Fabric;
import weft.fabric.Node;
import weft.fault.Failover;
import weft.fault.Fault;
import weft.fault.FaultPlan;
import weft.fault.FaultStep;
import weft.routing.Demand;
import weft.routing.Routes;
import weft.routing.Spray;
import weft.transport.Scheduling;
import weft.transport.Transport;
import weft.transport.Uet;

/** Sprayed flows over bundles of ports, against the same flows over the ports one by one. */
class BundledWaysTest {
  private static final Transport UET = Uet.defaults();
  private static final List<Fabric> FABRICS =
      List.of(
          Fabric.fatTree().k(4).nic(gbps(100)).build(),
          Fabric.fatTree().k(6).nic(gbps(100)).build(),
          Fabric.leafSpine()
              .hosts(32)
              .leafRadix(8)
              .pods(2)
              .podOversubscription(3)
              .nic(gbps(100))
              .build(),
          Fabric.railOptimized().servers(16, Server.DGX_H100).leafRadix(16).pods(2).build(),
          Fabric.dualPlane().hosts(16).leafRadix(8).spines(4).build(),
          Fabric.dragonfly().balanced(2).build(),
          Fabric.torus().sizes(4, 5).anyShortest().build());

  private static FlowPaths paths(Fabric fabric, Scheduling classes) {
    return new FlowPaths(fabric, UET, Spray.perPacket(), List.<Demand>of(), classes, 1);
  }

  /** What takes each port: of a bundle each of its ports. */
  private static Map<Integer, Double> byPort(FlowPaths paths, int[] listed, double[] parts) {
    var sums = new TreeMap<Integer, Double>();
    for (int i = 0; i < listed.length; i++) {
      for (int port : paths.bundles().ports(listed[i])) {
        sums.merge(port, parts[i], Double::sum);
      }
    }
    return sums;
  }

  /** Path by path. */
  private static void follow(
      Routes routes, int node, int gpu, double amount, Map<Integer, Double> sums) {
    int set = routes.towards(node, gpu);
    for (int i = 0; i < routes.count(set); i++) {
      int port = routes.port(set, i);
      sums.merge(port, amount / routes.count(set), Double::sum);
      if (!routes.isAt(routes.endOf(port), gpu)) {
        follow(routes, routes.endOf(port), gpu, amount / routes.count(set), sums);
      }
    }
  }

  @Test
  void aWayTakesEachPortAsPathsByPathsDo() {
    for (Fabric fabric : FABRICS) {
      Routes routes = Routes.of(fabric);
      FlowPaths paths = paths(fabric, Scheduling.ONE_CLASS);
      for (int source = 0; source < fabric.gpus(); source++) {
        int destination = (source * 7 + 3) % fabric.gpus();
        if (source == destination) {
          continue;
        }
        Way way = paths.way(paths.flow(source, destination));
        var expected = new TreeMap<Integer, Double>();
        follow(routes, fabric.node(source), destination, 1, expected);
        Map<Integer, Double> found = byPort(paths, way.ports(), way.parts());
        assertEquals(expected.keySet(), found.keySet(), fabric.name());
        expected.forEach((port, part) -> assertEquals(part, found.get(port), 1e-12));
      }
    }
  }

  @Test
  void aFatTreesBundlesAreItsStages() {
    Fabric fabric = FABRICS.get(1);
    FlowPaths paths = paths(fabric, Scheduling.ONE_CLASS);
    Way way = paths.way(paths.flow(0, fabric.gpus() - 1));
    int[] stages = Arrays.stream(way.ports()).map(l -> paths.bundles().ports(l).length).toArray();
    assertEquals("[1, 3, 9, 9, 3, 1]", Arrays.toString(stages));
  }

  /** When the messages of a run arrive: the same run for a seed, with bundles or without. */
  private static long[] times(Fabric fabric, Scheduling classes, long seed, boolean bundled) {
    var random = new Well19937c(seed);
    FlowPaths paths = paths(fabric, classes);
    var engine = new FlowEngine(paths.rates(), paths.answers(), classes);
    FaultPlan plan = plan(fabric, random);
    var flows = bundled ? new Bundled(paths, engine, plan) : new OneByOne(paths, engine, plan);
    int hotspot = random.nextInt(fabric.gpus());
    for (int f = 0; f < 40; f++) {
      int source = random.nextInt(fabric.gpus());
      int other = random.nextInt(4) == 0 ? hotspot : random.nextInt(fabric.gpus());
      long bytes = 100_000L * (1 + random.nextInt(20));
      long start = us(10 * random.nextInt(8)).ps();
      if (source != other) {
        engine.send(flows.open(source, other, f % classes.classes().size()), bytes, start);
      }
    }
    engine.during(flows);
    engine.run();
    long[] times = new long[engine.messages()];
    Arrays.setAll(times, engine::deliveredPs);
    return times;
  }

  /** A cable between switches fails and comes back, and a host becomes slow. */
  private static FaultPlan plan(Fabric fabric, Well19937c random) {
    int[] inner =
        IntStream.range(0, fabric.links().size())
            .filter(l -> isSwitch(fabric, fabric.links().get(l).a()))
            .filter(l -> isSwitch(fabric, fabric.links().get(l).b()))
            .toArray();
    int link = inner[random.nextInt(inner.length)];
    Fault down =
        Fault.linkDown(link).at(us(40 + random.nextInt(40))).until(us(150 + random.nextInt(100)));
    Fault slow = Fault.slowHost(random.nextInt(fabric.gpus()), 0.5).at(us(30)).until(us(900));
    return FaultPlan.of(fabric, List.of(down, slow), Failover.DEFAULT);
  }

  private static boolean isSwitch(Fabric fabric, int node) {
    return fabric.nodes().get(node).role() == Node.Role.SWITCH;
  }

  /** Flows, and what faults do to them. */
  private abstract static class Flows implements FlowEngine.Changes {
    final FlowPaths paths;
    final FlowEngine engine;
    final PathFinder finder;
    private final double[] rates;
    private final List<FaultStep> steps;
    private int next;

    Flows(FlowPaths paths, FlowEngine engine, FaultPlan plan) {
      this.paths = paths;
      this.engine = engine;
      finder = paths.during(plan);
      rates = paths.rates();
      steps = plan.steps();
    }

    abstract int open(int source, int destination, int inClass);

    abstract void renew(int flow);

    @Override
    public long nextPs() {
      return next < steps.size() ? steps.get(next).timePs() : Long.MAX_VALUE;
    }

    @Override
    public void happen(long now) {
      for (; nextPs() == now; next++) {
        FaultStep step = steps.get(next);
        finder.happen(step);
        if (step.state() == FaultStep.State.SLOWNESS) {
          engine.capacity(step.port(), rates[step.port()] / (1 + step.value()));
        }
      }
      finder.advance(now);
      for (int flow = 0; flow < engine.flows(); flow++) {
        renew(flow);
      }
    }
  }

  private static final class Bundled extends Flows {
    Bundled(FlowPaths paths, FlowEngine engine, FaultPlan plan) {
      super(paths, engine, plan);
    }

    @Override
    int open(int source, int destination, int inClass) {
      int flow = paths.open(engine, source, destination, inClass);
      engine.storeAndForward(flow, 0, 0);
      return flow;
    }

    @Override
    void renew(int flow) {
      paths.renew(engine, flow);
      engine.storeAndForward(flow, 0, 0);
    }
  }

  private static final class OneByOne extends Flows {
    private final Map<List<Integer>, Integer> numbers = new HashMap<>();
    private final List<int[]> ends = new ArrayList<>(); // by flow: source, destination, queue pair

    OneByOne(FlowPaths paths, FlowEngine engine, FaultPlan plan) {
      super(paths, engine, plan);
    }

    @Override
    int open(int source, int destination, int inClass) {
      return numbers.computeIfAbsent(
          List.of(source, destination, inClass),
          pair -> {
            int queuePair = finder.connect(source, destination, inClass);
            ends.add(new int[] {source, destination, queuePair});
            return engine.open(inClass, route(ends.size() - 1), 1, Double.POSITIVE_INFINITY);
          });
    }

    @Override
    void renew(int flow) {
      engine.reroute(flow, route(flow));
    }

    private Route route(int flow) {
      int[] pair = ends.get(flow);
      Way way = finder.find(pair[0], pair[1], pair[2]);
      Map<Integer, Double> there = byPort(paths, way.ports(), way.parts());
      Map<Integer, Double> back = byPort(paths, way.answerPorts(), way.answerParts());
      double one = paths.answers();
      return new Route(
          ints(there), parts(there, 1), ints(back), parts(back, one), 0, way.latencyPs());
    }

    private static int[] ints(Map<Integer, Double> parts) {
      return parts.keySet().stream().mapToInt(p -> p).toArray();
    }

    private static double[] parts(Map<Integer, Double> parts, double of) {
      return parts.values().stream().mapToDouble(p -> p / of).toArray();
    }
  }

  @Test
  void messagesArriveAsOverThePortsOneByOneWhateverFails() {
    for (Scheduling classes : List.of(Scheduling.ONE_CLASS, Scheduling.strict("first", "second"))) {
      for (Fabric fabric : FABRICS) {
        for (long seed = 1; seed <= 10; seed++) {
          long[] expected = times(fabric, classes, seed, false);
          long[] found = times(fabric, classes, seed, true);
          assertEquals(expected.length, found.length);
          for (int m = 0; m < expected.length; m++) {
            assertTrue(expected[m] > 0, "all arrive");
            double near = 2 + 1e-12 * expected[m];
            assertEquals((double) expected[m], (double) found[m], near, fabric + ", seed " + seed);
          }
        }
      }
    }
  }
}
