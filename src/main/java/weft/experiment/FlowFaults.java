package weft.experiment;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weft.engine.flow.FlowEngine;
import weft.experiment.PathFinder.Way;
import weft.fault.FaultPlan;
import weft.fault.FaultStep;
import weft.fault.FaultStep.State;
import weft.transport.Transport;
import weft.units.Time;

/**
 * Has faults happen to flows. A flow whose way is cut sends nothing until the network leads it
 * elsewhere or the way is back, and its sender has noticed ({@link Retrials}); a slow host's ports
 * carry less; what bit errors destroy is sent again, so that a flow takes more of its links.
 */
final class FlowFaults implements FlowEngine.Changes {
  private static final long NOT_CUT = -1;
  private static final long LARGE = Integer.MAX_VALUE; // bytes: a message of full packets

  private final FlowPaths paths;
  private final PathFinder finder;
  private final FlowEngine engine;
  private final Retrials retrials;
  private final double[] rates; // of healthy ports, bit/s
  private final List<FaultStep> steps;
  private final @Nullable FaultStep[] death; // by port: why it is dead, or was last
  private int next;

  // By flow.
  private long[] cutSince = new long[64];
  private double[] rateBefore = new double[64]; // it was cut, bit/s
  private long[] goesOn = new long[64]; // when; or NEVER, as long as it is cut or for ever
  private boolean[] gaveUp = new boolean[64];
  private long nextToGoOn = Retrials.NEVER;

  private boolean isStuck;

  FlowFaults(FaultPlan plan, FlowPaths paths, FlowEngine engine, Transport transport) {
    this.paths = paths;
    this.engine = engine;
    this.finder = paths.during(plan);
    this.retrials = new Retrials(transport);
    this.rates = paths.rates();
    this.steps = plan.steps();
    this.death = new FaultStep[rates.length];
    Arrays.fill(cutSince, NOT_CUT);
    engine.during(this);
  }

  @Override
  public long nextPs() {
    return Math.min(nextToGoOn, next < steps.size() ? steps.get(next).timePs() : Long.MAX_VALUE);
  }

  @Override
  public void happen(long now) {
    boolean ways = false;
    for (; next < steps.size() && steps.get(next).timePs() == now; next++) {
      FaultStep step = steps.get(next);
      finder.happen(step);
      if (step.state() == State.SLOWNESS) {
        engine.capacity(step.port(), rates[step.port()] / (1 + step.value()));
      } else {
        ways = true;
      }
      if (step.state() == State.DEAD && step.value() > 0) {
        death[step.port()] = step;
      }
    }
    if (ways) {
      finder.advance(now);
      for (int flow = 0; flow < engine.flows(); flow++) {
        look(flow, paths.renew(engine, flow), now);
      }
    }
    goOn(now);
  }

  /** A flow has been opened. */
  void opened(int flow) {
    if (flow >= cutSince.length) {
      int before = cutSince.length;
      cutSince = Arrays.copyOf(cutSince, 2 * flow);
      Arrays.fill(cutSince, before, 2 * flow, NOT_CUT);
      rateBefore = Arrays.copyOf(rateBefore, 2 * flow);
      goesOn = Arrays.copyOf(goesOn, 2 * flow);
      gaveUp = Arrays.copyOf(gaveUp, 2 * flow);
    }
    look(flow, paths.way(flow), engine.now());
  }

  private void look(int flow, Way way, long now) {
    boolean wasCut = cutSince[flow] != NOT_CUT;
    if (way.isCut() && !wasCut) {
      cutSince[flow] = now;
      rateBefore[flow] = engine.bitsPerSecond(flow);
      engine.stall(flow);
    }
    if (way.isCut()) {
      goesOn[flow] = Retrials.NEVER;
      isStuck |= next == steps.size();
    } else if (wasCut && goesOn[flow] == Retrials.NEVER && !gaveUp[flow]) {
      goesOn[flow] = whenItGoesOn(flow, way, now);
      gaveUp[flow] = goesOn[flow] == Retrials.NEVER;
      isStuck |= gaveUp[flow];
    }
  }

  private long whenItGoesOn(int flow, Way way, long now) {
    double backlog = engine.backlogBytes(flow);
    if (backlog == 0) {
      return now;
    }
    long started = engine.startedPs(engine.firstMessage(flow));
    long lost = started == FlowEngine.NOT_YET ? now : Math.max(started, cutSince[flow]);
    double rate = rateBefore[flow] > 0 ? rateBefore[flow] : alone(way);
    return retrials.goesOn(lost, now, backlog * 8e12 / rate, 2 * paths.latencyPs(way, LARGE));
  }

  private double alone(Way way) {
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < way.ports().length; i++) {
      double rate = rates[paths.bundles().first(way.ports()[i])]; // of each port of a bundle
      least = Math.min(least, rate / way.parts()[i]);
    }
    return least;
  }

  private void goOn(long now) {
    nextToGoOn = Retrials.NEVER;
    for (int flow = 0; flow < engine.flows(); flow++) {
      if (cutSince[flow] == NOT_CUT) {
        continue;
      }
      if (goesOn[flow] <= now) {
        cutSince[flow] = NOT_CUT;
        engine.resume(flow);
      } else {
        nextToGoOn = Math.min(nextToGoOn, goesOn[flow]);
      }
    }
  }

  /** Whether some flow will never go on. */
  boolean isStuck() {
    return isStuck;
  }

  /** Why a flow does not send, for a reader; empty if no fault keeps it from sending. */
  String why(int flow) {
    if (gaveUp[flow]) {
      return "its queue pair gave up after %d timeouts".formatted(retrials.most());
    }
    for (int port : paths.everyPort(flow)) {
      FaultStep step = death[port];
      if (step != null && finder.isDead(port)) {
        return "%s loses what it sends since %s (%s)"
            .formatted(paths.name(port), new Time(step.timePs()), step.cause());
      }
    }
    return "";
  }
}
