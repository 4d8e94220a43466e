package weft.experiment;

import java.util.Arrays;
import java.util.Map;
import weft.collective.Rounds;
import weft.collective.SizedCollective;
import weft.engine.flow.FlowEngine;
import weft.report.Progress;
import weft.transport.Scheduling;
import weft.units.Time;

/**
 * A collective of many rounds that are all alike, on the flow engine: simulated round by round
 * until the rounds repeat, and then multiplied.
 *
 * <p>A round repeats the one before if every rank receives the same time later. All that happens
 * follows from when messages start, so once this has held for as long as any message takes, and a
 * round more, the network stands as it stood a round ago, and the rest can be told without being
 * simulated.
 *
 * <p>Paths of different latencies keep ranks out of step for ever. Then, if the messages of the
 * first round, which all start at once, took hardly longer than each would alone, all are taken to
 * last as long in every round ({@link RingRecurrence}). What they shared is the room for
 * acknowledgements, so this is at most {@link #HELD_UP} too late. Where flows do share links, all
 * rounds are simulated.
 */
final class RoundsRun {
  /** More messages than a few GB of memory hold. */
  private static final int MOST_MESSAGES = 1 << 25;

  /** By which part messages that only meet acknowledgements take longer than alone. */
  private static final double HELD_UP = 0.03;

  /** Rounds in which ranks get into step or do not. */
  private static final int FIRST_ROUNDS = 6;

  /** Picoseconds by which the same gap may differ, since times are whole. */
  private static final long WOBBLE = 1;

  private final Setup setup;
  private final Rounds rounds;
  private final FlowPaths paths;
  private final FlowEngine engine;
  private final long bytes; // of a message, payload
  private final int[] received; // rounds, by rank
  private final long[] lastPs; // when it received the last of them

  // By round.
  private final int[] arrived; // messages
  private final long[] leastGap; // since the same rank's message of the round before
  private final long[] mostGap;
  private final long[] latest; // when its last message arrived

  private long longest; // that a message took since it was posted, ps
  private int complete; // rounds, all of whose messages have arrived
  private int alike; // of the complete rounds, how many of the last repeat the one before
  private boolean settled;
  private boolean apart; // no message holds up another

  RoundsRun(Setup setup, Rounds rounds) {
    this.setup = setup;
    this.rounds = rounds;
    this.paths = new FlowPaths(setup);
    this.engine = new FlowEngine(paths.rates(), paths.answers(), Scheduling.ONE_CLASS);
    this.bytes = (long) rounds.elements() * SizedCollective.BYTES_PER_ELEMENT;
    received = new int[rounds.ranks()];
    lastPs = new long[rounds.ranks()];
    arrived = new int[rounds.count()];
    leastGap = new long[rounds.count()];
    Arrays.fill(leastGap, Long.MAX_VALUE);
    mostGap = new long[rounds.count()];
    latest = new long[rounds.count()];
  }

  Run run() {
    long wire = paths.wire(bytes);
    for (int rank = 0; rank < rounds.ranks(); rank++) {
      paths.open(engine, setup.gpuOfRank[rank], setup.gpuOfRank[rounds.to(rank)], 0);
    }
    engine.onDelivery((message, time) -> arrived(engine.flow(message), message, time, wire));
    for (int rank = 0; rank < rounds.ranks(); rank++) {
      engine.send(rank, wire, 0);
    }
    simulate();
    Messages messages = messages();
    long[] sent = new long[rounds.ranks()];
    Arrays.fill(sent, rounds.count() * wire);
    return paths.run(setup, messages, paths.load(sent, messages.completionPs()));
  }

  /** Rank {@code from}'s message has arrived; the receiver passes on what it got. */
  private void arrived(int from, int message, long time, long wire) {
    int rank = rounds.to(from);
    int round = received[rank]++;
    long gap = time - lastPs[rank];
    lastPs[rank] = time;
    leastGap[round] = Math.min(leastGap[round], gap);
    mostGap[round] = Math.max(mostGap[round], gap);
    latest[round] = time;
    longest = Math.max(longest, time - engine.postedPs(message));
    if (++arrived[round] == rounds.ranks()) {
      complete(round);
    }
    if (round + 1 < rounds.count()) {
      checkMemory();
      engine.send(rank, wire, time);
    }
  }

  private void complete(int round) {
    complete = round + 1;
    boolean repeats = round > 0 && mostGap[round] - leastGap[round] <= WOBBLE;
    alike = repeats ? alike + 1 : 0;
    if (complete == FIRST_ROUNDS) {
      apart = areApart();
    }
    settled = alike > 1 && (alike - 1) * (double) leastGap[round] >= longest;
  }

  /** How long each rank sent in the first round, when all did, ps. */
  private long[] services() {
    long[] latency = latencies();
    long[] service = new long[rounds.ranks()];
    Arrays.setAll(service, rank -> engine.deliveredPs(rank) - latency[rank]);
    return service;
  }

  private long[] latencies() {
    long[] latency = new long[rounds.ranks()];
    Arrays.setAll(latency, rank -> paths.latencyPs(paths.way(rank), paths.wire(bytes)));
    return latency;
  }

  private boolean areApart() {
    long[] service = services();
    double[] rates = paths.rates();
    for (int rank = 0; rank < service.length; rank++) {
      PathFinder.Way way = paths.way(rank);
      double alone = paths.atEndsPs(paths.wire(bytes));
      for (int i = 0; i < way.ports().length; i++) {
        double rate = rates[paths.bundles().first(way.ports()[i])]; // of each port of a bundle
        alone = Math.max(alone, paths.wire(bytes) * way.parts()[i] * 8e12 / rate);
      }
      if (service[rank] > (1 + HELD_UP) * alone) {
        return false;
      }
    }
    return true;
  }

  private void checkMemory() {
    if (engine.messages() == MOST_MESSAGES) {
      throw new IllegalStateException(
          "after %,d of %,d rounds %s do not repeat, because ranks share links unevenly, and there is no memory to simulate them all: load it evenly, for example balancing(Spray.perPacket()) with ranks in the order of the fabric, or take fewer ranks"
              .formatted(complete, rounds.count(), setup.workload()));
    }
  }

  private void simulate() {
    try (var progress = Progress.of(setup.name(), 0, rounds.count())) {
      engine.run(
          () -> {
            if (progress.isDue()) {
              progress.report(
                  complete, "%,d of %,d rounds are over".formatted(complete, rounds.count()));
            }
            return settled || apart;
          });
    }
  }

  /** Those that were simulated, and when the others end. */
  private Messages messages() {
    var messages = new Messages(complete * rounds.ranks(), setup);
    int[] of = new int[rounds.ranks()]; // messages, by rank
    for (int m = 0; m < engine.messages(); m++) {
      int flow = engine.flow(m);
      if (of[flow]++ < complete) {
        PathFinder.Way way = paths.way(flow);
        long at = engine.deliveredPs(m);
        messages.add(
            way.source(),
            way.destination(),
            0,
            bytes,
            engine.postedPs(m),
            at,
            at + way.latencyPs());
      }
    }
    int left = rounds.count() - complete;
    long end =
        settled || left == 0
            ? latest[complete - 1] + Math.round(left * gap())
            : RingRecurrence.completion(services(), latencies(), rounds.count());
    messages.goesOn(end, rounds.transfers() * bytes, Map.of("rounds", told()));
    return messages;
  }

  /** Between the last two rounds, ps: the mean of those that repeat, since times are whole. */
  private double gap() {
    int from = complete - 1 - Math.max(1, alike);
    return from < 0 ? 0 : (double) (latest[complete - 1] - latest[from]) / (complete - 1 - from);
  }

  private String told() {
    if (apart && !settled && complete < rounds.count()) {
      return "%,d, of which %,d were simulated: messages do not hold each other up, so each is taken to last as long in every round"
          .formatted(rounds.count(), complete);
    }
    return settled && complete < rounds.count()
        ? "%,d, of which %,d were simulated; the others repeat the last, %s each"
            .formatted(rounds.count(), complete, new Time(Math.round(gap())))
        : "%,d, all simulated".formatted(rounds.count());
  }
}
