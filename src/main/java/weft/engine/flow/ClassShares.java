package weft.engine.flow;

import java.util.Arrays;
import weft.transport.Scheduling;

/**
 * Rates of flows in several traffic classes: a link divides itself among the classes that have
 * something to send over it, by priority or by weight, and a class divides what it has among its
 * flows, max-min fairly: the fluid that hierarchical packet schedulers come near (Bennett and
 * Zhang, "Hierarchical Packet Fair Queueing Algorithms", SIGCOMM 1996).
 *
 * <p>Each class has {@link Shares} of its own, whose links carry what the other classes leave.
 * Strict classes are worked out one after the other. With weights each class's part depends on all
 * others, so they take turns until no part changes any more.
 */
final class ClassShares implements Allocation {
  private static final double NOISE = 1e-9; // of a capacity: rounding of what was taken from it
  private static final double EXACT = 1e-14; // of a capacity: what does not count as a change
  private static final int SWINGS = 100; // turns after which parts that swing are damped
  private static final int MOST_TURNS = 1000;

  private final Scheduling scheduling;
  private final Shares[] shares; // by class
  private final Answers answers; // of all classes
  private final Bundles bundles;
  private int partings; // of these, that are taken note of

  // By link.
  private double[] capacity = new double[16];
  private boolean[] isStale = new boolean[16];
  private int[] stale = new int[16]; // links that classes are to be dealt anew
  private int staleCount;
  private int links;

  // By flow.
  private int[] inClass = new int[64];
  private int[] number = new int[64]; // in its class
  private boolean[] isChanged = new boolean[64];
  private int[] changed = new int[64];
  private int changedCount;
  private int flows;

  private final int[][] flowOf; // by class and number in it

  ClassShares(Scheduling scheduling, Answers answers, Bundles bundles) {
    this.scheduling = scheduling;
    this.answers = answers;
    this.bundles = bundles;
    shares = new Shares[scheduling.classes().size()];
    flowOf = new int[shares.length][64];
    for (int c = 0; c < shares.length; c++) {
      // Rates depend on other classes too: nothing to remember.
      shares[c] = new Shares(Memory.none(), new Answers(0, bundles), bundles);
    }
  }

  @Override
  public int addLink(double itsCapacity) {
    if (links == capacity.length) {
      capacity = Arrays.copyOf(capacity, 2 * links);
      isStale = Arrays.copyOf(isStale, 2 * links);
      stale = Arrays.copyOf(stale, 2 * links);
    }
    for (Shares each : shares) {
      each.addLink(itsCapacity);
    }
    answers.addLink(links);
    capacity[links] = itsCapacity;
    return links++;
  }

  @Override
  public void capacity(int link, double itsCapacity) {
    capacity[link] = itsCapacity;
    note(link);
  }

  private void note(int link) {
    if (!isStale[link]) {
      isStale[link] = true;
      stale[staleCount++] = link;
    }
  }

  @Override
  public int add(Route route, double weight, int itsClass) {
    int f = flows++;
    if (f == number.length) {
      inClass = Arrays.copyOf(inClass, 2 * f);
      number = Arrays.copyOf(number, 2 * f);
      isChanged = Arrays.copyOf(isChanged, 2 * f);
      changed = Arrays.copyOf(changed, 2 * f);
    }
    inClass[f] = itsClass;
    answers.addFlow(f, route);
    number[f] = shares[itsClass].add(route, weight, 0);
    if (number[f] == flowOf[itsClass].length) {
      flowOf[itsClass] = Arrays.copyOf(flowOf[itsClass], 2 * number[f]);
    }
    flowOf[itsClass][number[f]] = f;
    return f;
  }

  @Override
  public void start(int flow) {
    shares[inClass[flow]].start(number[flow]);
    noteLinks(flow, true);
  }

  @Override
  public void stop(int flow) {
    shares[inClass[flow]].stop(number[flow]);
    noteLinks(flow, false);
  }

  private void noteLinks(int flow, boolean starts) {
    noteLinks(inClass[flow], number[flow]);
    int links = answers.turn(flow, starts);
    for (int i = 0; i < links; i++) {
      note(answers.changed(i));
    }
  }

  private void noteLinks(int ofClass, int its) {
    for (int link : shares[ofClass].links(its)) {
      note(link);
    }
  }

  /** Links that have parted had the same flows. */
  private void part() {
    for (; partings < bundles.partings(); partings++) {
      if (isStale[bundles.from(partings)]) {
        note(bundles.parted(partings));
      }
    }
    answers.part();
    for (Shares each : shares) {
      each.part();
    }
  }

  @Override
  public void settle() {
    part();
    for (int i = 0; i < changedCount; i++) {
      isChanged[changed[i]] = false;
    }
    changedCount = 0;
    if (scheduling.isStrict()) {
      for (int c = 0; c < shares.length; c++) {
        deal(c, 1);
      }
    } else {
      takeTurns();
    }
    for (int i = 0; i < staleCount; i++) {
      isStale[stale[i]] = false;
    }
    staleCount = 0;
  }

  private void takeTurns() {
    int quiet = 0; // classes in a row whose parts stayed as they were
    for (int turn = 0; turn < 2 * shares.length || quiet < shares.length; turn++) {
      if (turn == MOST_TURNS) {
        throw new IllegalStateException(
            "traffic classes' parts of %d links do not settle: give strict classes in place of weights"
                .formatted(staleCount));
      }
      quiet = deal(turn % shares.length, turn < SWINGS ? 1 : 0.5) ? 0 : quiet + 1;
    }
  }

  /**
   * Gives a class its parts of the stale links, or goes a step towards them, and its flows theirs;
   * says whether any changed.
   */
  private boolean deal(int to, double step) {
    boolean changes = false;
    for (int i = 0; i < staleCount; i++) {
      int link = stale[i];
      double before = shares[to].capacity(link);
      double part = before + step * (part(to, link) - before);
      if (Math.abs(part - before) > EXACT * capacity[link]) {
        shares[to].capacity(link, part);
        changes = true;
      }
    }
    shares[to].settle();
    for (int i = 0; i < shares[to].changedCount(); i++) {
      int its = shares[to].changed()[i];
      int flow = flowOf[to][its];
      noteLinks(to, its);
      if (!isChanged[flow]) {
        isChanged[flow] = true;
        changed[changedCount++] = flow;
      }
    }
    return changes;
  }

  private double part(int of, int link) {
    return scheduling.isStrict() ? left(of, link) : weighted(of, link);
  }

  private double left(int after, int link) {
    double rest = answers.room(link) * capacity[link];
    for (int c = 0; c < after; c++) {
      rest -= shares[c].load(link);
    }
    return rest < NOISE * capacity[link] ? 0 : rest;
  }

  /**
   * What a class could have of a link if it wanted all, others what they take: the level at which
   * it fills the link, where each of the others has its level or less, times its weight.
   */
  private double weighted(int of, int link) {
    double level = 0;
    for (boolean rises = true; rises; ) {
      double rest = answers.room(link) * capacity[link];
      double weights = 0;
      for (int c = 0; c < shares.length; c++) {
        boolean takesLess = c != of && shares[c].load(link) < level * scheduling.weight(c);
        rest -= takesLess ? shares[c].load(link) : 0;
        weights += takesLess ? 0 : scheduling.weight(c);
      }
      rises = rest / weights > level;
      level = Math.max(level, rest / weights);
    }
    return level * scheduling.weight(of);
  }

  @Override
  public int[] changed() {
    return changed;
  }

  @Override
  public int changedCount() {
    return changedCount;
  }

  @Override
  public double rate(int flow) {
    return shares[inClass[flow]].rate(number[flow]);
  }

  @Override
  public double weight(int flow) {
    return shares[inClass[flow]].weight(number[flow]);
  }

  @Override
  public int classOf(int flow) {
    return inClass[flow];
  }

  @Override
  public long fillings() {
    return Arrays.stream(shares).mapToLong(Shares::fillings).sum();
  }

  @Override
  public long filledFlows() {
    return Arrays.stream(shares).mapToLong(Shares::filledFlows).sum();
  }
}
