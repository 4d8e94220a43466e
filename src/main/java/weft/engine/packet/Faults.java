package weft.engine.packet;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.commons.math3.util.FastMath;
import org.jspecify.annotations.Nullable;
import weft.engine.packet.QueuePairCounters.Status;
import weft.fabric.Fabric;
import weft.fault.FaultStep;
import weft.transport.Pfc;
import weft.transport.Transport;
import weft.units.Time;

/**
 * Has faults happen: an engine stops right before each, the ports change while nobody is at work,
 * and it goes on. So all threads see the same, whatever their number.
 */
final class Faults {
  private final Fabric fabric;
  private final Shared all;
  private final Selectors selectors;
  private final Ports ports;
  private final BitSet avoided = new BitSet(); // by link
  private final @Nullable FaultStep[] death; // by port: why it is dead, or was last
  private final @Nullable FaultStep[] storm; // by port: why it sends pauses, or did last
  private List<FaultStep> steps = List.of();
  private int next;
  private boolean stopped;

  Faults(Fabric fabric, Shared all, Selectors selectors) {
    this.fabric = fabric;
    this.all = all;
    this.selectors = selectors;
    this.ports = all.ports();
    this.death = new FaultStep[ports.count];
    this.storm = new FaultStep[ports.count];
  }

  /** What is to happen, in the order of time. */
  void plan(List<FaultStep> planned) {
    for (FaultStep step : planned) {
      if (step.state() == FaultStep.State.PAUSES && !(all.transport().link() instanceof Pfc)) {
        throw new IllegalArgumentException(
            "pause frames stop a port only under PFC, but \"%s\" was given to a transport without: choose for example RoceV2.lossless(Dcqcn.defaults())"
                .formatted(step.cause()));
      }
    }
    steps = planned;
    next = 0;
  }

  /** Runs a crew to a time, unless it is done earlier. */
  interface Leg {
    void run(long limit, BooleanSupplier done);
  }

  /** Runs until a time, stopping where faults happen. */
  void run(Crew crew, long limit, BooleanSupplier done, Leg leg) {
    stopped = false;
    BooleanSupplier asked = () -> stopped = done.getAsBoolean();
    while (nextPs() <= limit) {
      leg.run(nextPs() - 1, asked);
      if (stopped || (crew.sum(Worker::pending) == 0 && !mayHelp())) {
        return;
      }
      crew.setTime(nextPs());
      happen(crew, nextPs());
    }
    leg.run(limit, asked);
  }

  /** Has what is due until a time happen although nobody waits, and makes it that time. */
  void goOnUntil(Crew crew, long timePs) {
    while (nextPs() <= timePs) {
      crew.setTime(nextPs());
      happen(crew, nextPs());
    }
    crew.setTime(timePs);
  }

  private long nextPs() {
    return next < steps.size() ? steps.get(next).timePs() : Long.MAX_VALUE;
  }

  /** Whether something may still change for somebody who waits. */
  boolean mayHelp() {
    return next < steps.size() && isAnyoneWaiting();
  }

  private boolean isAnyoneWaiting() {
    Messages messages = all.messages();
    for (int m = 0; m < messages.count(); m++) {
      boolean works = all.pairs().status[messages.queuePair[m]] == Status.OK;
      if (works && messages.delivered[m] == PacketEngine.NOT_YET) {
        return true;
      }
    }
    return false;
  }

  private void happen(Crew crew, long now) {
    boolean choices = false;
    boolean routes = false;
    boolean revived = false;
    for (; nextPs() == now; next++) {
      FaultStep step = steps.get(next);
      Port port = ports.port[ports.at[step.port()]];
      switch (step.state()) {
        case DEAD -> {
          die(crew, port, step);
          revived |= !port.dead;
        }
        case NOTICED -> {
          port.noticed = step.value() > 0;
          choices = true;
        }
        case AVOIDED -> {
          avoided.set(step.port() / 2, step.value() > 0);
          routes = true;
        }
        case BIT_ERRORS -> port.impairment.logBitKept = FastMath.log1p(-step.value());
        case SLOWNESS -> slow(port, step.value());
        case UNAWARE -> {} // it shows when another fault is noticed, if at all
        case PAUSES -> storm(crew, port, step);
      }
      port.judge();
    }
    if (routes) {
      selectors.reroute(avoided);
    }
    if (routes || choices) {
      countNoticed();
      choosePathsAnew(crew);
    }
    if (all.grants().areUsed() && (routes || choices || revived)) {
      repeatCredit(crew);
    }
  }

  /** Flow control holds nothing up that is lost, so a port that dies starts to send. */
  private void die(Crew crew, Port port, FaultStep step) {
    port.dead = step.value() > 0;
    if (port.dead) {
      death[port.index] = step;
    }
    start(crew, port);
  }

  /** Has a port look what it has to send. */
  private static void start(Crew crew, Port port) {
    if (!port.freePending) {
      port.freePending = true;
      crew.add(port.node, Math.max(crew.now(), port.busyUntil), Clock.FREE, port.index);
    }
  }

  /**
   * A host sends more slowly, and takes in more slowly: its NIC pauses its switch, or where that
   * would not heed it, the switch waits.
   */
  private void slow(Port port, double slowness) {
    boolean leadsToHost = ports.toHost[port.index] && canPause(ports.port[port.peer]);
    port.impairment.slowness = leadsToHost ? 0 : slowness;
    port.impairment.gapPs = 0;
    if (canPause(port)) {
      if (port.inbox == null) {
        Transport transport = all.transport();
        port.inbox = new Inbox(port, transport.onTheWire().largest(transport.mtu()));
      }
      port.inbox.slowness(slowness);
    }
  }

  /** Whether a port is a NIC's and its switch heeds pause frames. */
  private boolean canPause(Port port) {
    Port there = ports.port[port.peer];
    return port.ofHost && all.buffers().isLossless(there.node) && !there.ignoresPause;
  }

  private void storm(Crew crew, Port port, FaultStep step) {
    storm[port.index] = step;
    boolean begins = step.value() > 0;
    Inbox inbox = port.inbox;
    for (int c = 0; c < ports.classes; c++) {
      port.lane(c).storming = begins;
    }
    boolean isFree = !begins && inbox != null && inbox.mayResume(); // for all classes at once
    for (int c = 0; c < ports.classes; c++) {
      Lane lane = port.lane(c);
      if (begins && !lane.pausing) {
        lane.pausing = true;
        lane.say(Lane.SAY_PAUSE);
      } else if (!begins && (inbox == null ? all.buffers().mayResume(lane) : isFree)) {
        lane.say(Lane.SAY_RESUME);
      }
    }
    start(crew, port);
  }

  /** A line for each port that a broken NIC keeps paused. */
  Stream<String> storms() {
    return Arrays.stream(ports.port)
        .filter(port -> port.storming)
        .map(
            port ->
                "pause storm: %s is paused since %s (%s): let it end, or let switches drop what is held for long, Pfc.dynamic().watchdog(ms(200))"
                    .formatted(
                        ports.name[port.peer],
                        new Time(Objects.requireNonNull(storm[port.index]).timePs()),
                        Objects.requireNonNull(storm[port.index]).cause()));
  }

  private void countNoticed() {
    int[] count = new int[ports.nodes()];
    for (Port port : ports.port) {
      count[port.node] += port.noticed ? 1 : 0;
    }
    for (int node = 0; node < count.length; node++) {
      selectors.noticed(node, count[node]);
    }
  }

  /** A queue pair whose data now leaves by another port takes its turn there. */
  private void choosePathsAnew(Crew crew) {
    QueuePairs pairs = all.pairs();
    for (int qp = 0; qp < pairs.count(); qp++) {
      int before = pairs.sourcePort[qp];
      all.paths().renew(pairs, qp);
      if (pairs.sourcePort[qp] != before && pairs.state[qp] == QueuePairs.READY) {
        all.turns().remove(pairs, before, qp);
        crew.post(fabric.node(pairs.source[qp]), qp);
      }
    }
  }

  /** A grant is a running total, so a receiver makes lost ones good by saying it again. */
  private void repeatCredit(Crew crew) {
    Grants grants = all.grants();
    for (int qp = 0; qp < all.pairs().count(); qp++) {
      long news = grants.news(qp, grants.granted(qp));
      if (news > 0) {
        all.controllers().onCredit(qp, crew.now(), news);
        crew.post(fabric.node(all.pairs().source[qp]), qp);
      }
    }
  }

  /** What keeps packets on these ports from arriving, for a reader; empty if nothing does. */
  String why(int[] way) {
    for (int port : way) {
      FaultStep step = death[port];
      if (step != null && ports.port[port].dead) {
        return "%s loses what it sends since %s (%s)"
            .formatted(ports.name[port], new Time(step.timePs()), step.cause());
      }
    }
    for (int port : way) {
      FaultStep step = death[port];
      if (ports.port[port].tally.lost > 0) {
        return "%s lost %d packets%s"
            .formatted(
                ports.name[port],
                ports.port[port].tally.lost,
                step == null ? "" : " (%s)".formatted(step.cause()));
      }
    }
    for (int port : way) {
      for (int c = 0; c < ports.classes; c++) {
        Lane lane = ports.port[port].lane(c);
        if (lane.paused) {
          return "%s is paused since %s".formatted(ports.name[port], new Time(lane.pausedAt));
        }
      }
    }
    return "";
  }
}
