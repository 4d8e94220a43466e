package weft.engine.flow;

import java.util.Arrays;
import weft.engine.flow.Memory.Known;

/**
 * Max-min fair rates of flows that come and go (Bertsekas and Gallager, "Data Networks", section
 * 6.5.2): no flow can have more unless one that has no more than it, for its weight, gets less.
 *
 * <p>A flow's level is its rate for a weight of 1. It is held back by one link that is full and on
 * which nobody has a higher level. So what comes or goes matters to those held back by its links,
 * to those held back by other links of these, and so on: only they are filled anew, with what the
 * others leave. Then each link that they fill is looked at; if somebody outside has a higher level
 * there, he is held back by it now, and is filled with them once more. Links carry what {@link
 * Answers} leave of them.
 */
final class Shares implements Allocation {
  private static final int NOTHING = -1; // holds back a flow that is not active
  private static final int MANY = 16; // starts and stops that make a set worth remembering
  private static final double NOISE = 1 + 1e-13; // of rounding, relative

  private final Bundles bundles;
  private final Members members;
  private final Answers answers;
  private final Filling filling;

  // By flow.
  private double[] level = new double[64];
  private double[] weight = new double[64];
  private double[] rate = new double[64]; // level times weight
  private int[] heldBy = new int[64]; // the link
  private boolean[] inRegion = new boolean[64];
  private boolean[] active = new boolean[64];

  private double[] whole =
      new double[16]; // by link: its capacity, room for acknowledgements included

  private final Memory memory;
  private int activeCount;
  private long activeSet; // hash
  private int[] newcomers = new int[64]; // flows that have started or stopped
  private int news;
  private boolean[] isMember = new boolean[64]; // by flow: whether its links know it
  private boolean membersAreOld; // whether links know an earlier set
  private int partings; // of bundles that links know

  // What is filled anew.
  private boolean[] linkInRegion = new boolean[16];
  private int[] regionLinks = new int[16];
  private int regionLinkCount;
  private int regionLinksDone; // of which those held back are in the region
  private int[] region = new int[64]; // flows
  private int regionCount;
  private double[] rateBefore = new double[64]; // by flow of the region

  private int[] changed = new int[64]; // flows
  private int changedCount;

  // Sums.
  private long fillings;
  private long filled; // flows

  Shares(Memory memory, Answers answers, Bundles bundles) {
    this.memory = memory;
    this.answers = answers;
    this.bundles = bundles;
    this.members = new Members(bundles);
    this.filling = new Filling(this, members);
  }

  @Override
  public int addLink(double capacity) {
    int l = members.addLink(capacity);
    if (l == linkInRegion.length) {
      linkInRegion = Arrays.copyOf(linkInRegion, 2 * l);
      regionLinks = Arrays.copyOf(regionLinks, 2 * l);
      whole = Arrays.copyOf(whole, 2 * l);
    }
    whole[l] = capacity;
    answers.addLink(l);
    return l;
  }

  @Override
  public void capacity(int link, double capacity) {
    if (capacity == whole[link]) {
      return;
    }
    memory.clear();
    part();
    renewMembers();
    whole[link] = capacity;
    resize(link);
  }

  /** Data may have another part of a link, which matters if it holds somebody back or is full. */
  private void resize(int link) {
    members.capacity[link] = answers.room(link) * whole[link];
    joinLink(link);
  }

  /** How much of a link the flows take whose rates are known. */
  double load(int link) {
    return members.load[link];
  }

  double capacity(int link) {
    return whole[link];
  }

  /** The links of a flow, of those that are always equally full one for all. */
  int[] links(int flow) {
    return members.links(flow);
  }

  /** Takes note of links that have parted. */
  void part() {
    if (partings == bundles.partings()) {
      return;
    }
    for (; partings < bundles.partings(); partings++) {
      whole[bundles.parted(partings)] = whole[bundles.from(partings)];
    }
    memory.clear();
    members.renew();
    membersAreOld = true;
  }

  @Override
  public int add(Route route, double itsWeight, int inClass) {
    int f = members.add(route);
    answers.addFlow(f, route);
    if (f == level.length) {
      int size = 2 * f;
      level = Arrays.copyOf(level, size);
      weight = Arrays.copyOf(weight, size);
      rate = Arrays.copyOf(rate, size);
      heldBy = Arrays.copyOf(heldBy, size);
      inRegion = Arrays.copyOf(inRegion, size);
      active = Arrays.copyOf(active, size);
      isMember = Arrays.copyOf(isMember, size);
      region = Arrays.copyOf(region, size);
      rateBefore = Arrays.copyOf(rateBefore, size);
      changed = Arrays.copyOf(changed, size);
    }
    weight[f] = itsWeight;
    heldBy[f] = NOTHING;
    return f;
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
  public long fillings() {
    return fillings;
  }

  @Override
  public long filledFlows() {
    return filled;
  }

  @Override
  public int classOf(int flow) {
    return 0;
  }

  @Override
  public double rate(int flow) {
    return rate[flow];
  }

  @Override
  public double weight(int flow) {
    return weight[flow];
  }

  boolean isActive(int flow) {
    return active[flow];
  }

  boolean isInRegion(int flow) {
    return inRegion[flow];
  }

  void hold(int flow, double itsLevel, int link) {
    level[flow] = itsLevel;
    rate[flow] = itsLevel * weight[flow];
    int before = heldBy[flow];
    if (before != link) {
      heldBy[flow] = link;
      members.held[link]++;
      if (before != NOTHING) {
        members.held[before]--;
      }
    }
  }

  @Override
  public void start(int flow) {
    active[flow] = true;
    activeCount++;
    note(flow);
  }

  @Override
  public void stop(int flow) {
    active[flow] = false;
    activeCount--;
    note(flow);
  }

  private void note(int flow) {
    activeSet ^= Memory.key(flow);
    if (news == newcomers.length) {
      newcomers = Arrays.copyOf(newcomers, 2 * news);
    }
    newcomers[news++] = flow;
  }

  private void join(int flow) {
    if (!inRegion[flow]) {
      inRegion[flow] = true;
      rateBefore[regionCount] = rate[flow];
      region[regionCount++] = flow;
    }
  }

  private void joinLink(int link) {
    if (!linkInRegion[link]) {
      linkInRegion[link] = true;
      regionLinks[regionLinkCount++] = link;
    }
  }

  @Override
  public void settle() {
    part();
    boolean many = news >= Math.max(MANY, activeCount / 2);
    Known known = many && regionLinkCount == 0 ? memory.find(activeSet, activeCount) : null;
    if (known != null) {
      recall(known);
    } else {
      renewMembers();
      for (int i = 0; i < news; i++) {
        takeIn(newcomers[i]);
      }
      workOut();
      if (many && regionCount >= activeCount) {
        keep();
      }
      finish();
    }
    news = 0;
  }

  /** The links do not hear of it until they have to. */
  private void recall(Known known) {
    membersAreOld = true;
    changedCount = 0;
    for (int i = 0; i < news; i++) {
      forget(newcomers[i]);
    }
    for (int i = 0; i < known.flows().length; i++) {
      int f = known.flows()[i];
      double its = known.level()[i] * weight[f];
      if (its != rate[f]) {
        changed[changedCount++] = f;
      }
      level[f] = known.level()[i];
      rate[f] = its;
      heldBy[f] = known.heldBy()[i];
    }
  }

  private void forget(int flow) {
    if (!active[flow]) {
      level[flow] = 0;
      rate[flow] = 0;
      heldBy[flow] = NOTHING;
    }
  }

  /** Has links know whom they carried before the news, as rates are still theirs. */
  private void renewMembers() {
    if (!membersAreOld) {
      return;
    }
    membersAreOld = false;
    members.clear();
    answers.clear();
    turnNews();
    for (int f = 0; f < members.flows; f++) {
      forget(f);
      isMember[f] = active[f];
      if (active[f]) {
        members.activate(f);
        members.change(f, rate[f]);
        answers.turn(f, true);
      }
      if (heldBy[f] != NOTHING) {
        members.held[heldBy[f]]++;
      }
    }
    turnNews();
    for (int l = 0; l < members.links; l++) {
      members.capacity[l] = answers.room(l) * whole[l];
    }
  }

  private void turnNews() {
    for (int i = 0; i < news; i++) {
      active[newcomers[i]] ^= true;
    }
  }

  /** A flow that has started or stopped. */
  private void takeIn(int flow) {
    if (active[flow] && !isMember[flow]) {
      members.activate(flow);
      answer(flow);
    } else if (!active[flow] && isMember[flow]) {
      members.deactivate(flow);
      members.change(flow, -rate[flow]);
      if (heldBy[flow] != NOTHING) {
        members.held[heldBy[flow]]--;
      }
      forget(flow);
      answer(flow);
    }
    isMember[flow] = active[flow];
    if (active[flow]) {
      join(flow);
    }
    for (int u = members.first[flow]; u < members.first[flow + 1]; u++) {
      joinLink(members.link[u]);
    }
  }

  /** A flow's acknowledgements begin or end. */
  private void answer(int flow) {
    int links = answers.turn(flow, active[flow]);
    for (int i = 0; i < links; i++) {
      resize(answers.changed(i));
    }
  }

  private void keep() {
    int[] flows = new int[activeCount];
    double[] levels = new double[activeCount];
    int[] links = new int[activeCount];
    int n = 0;
    for (int i = 0; i < regionCount; i++) {
      int f = region[i];
      if (active[f]) {
        flows[n] = f;
        levels[n] = level[f];
        links[n++] = heldBy[f];
      }
    }
    if (n == activeCount) {
      memory.keep(new Known(activeSet, flows, levels, links));
    }
  }

  private void workOut() {
    do {
      spread();
      filling.run(region, rateBefore, regionCount, regionLinks, regionLinkCount);
      fillings++;
      filled += regionCount;
    } while (addOthersHeldBack());
  }

  private void finish() {
    changedCount = 0;
    for (int i = 0; i < regionCount; i++) {
      int f = region[i];
      inRegion[f] = false;
      if (active[f] && rate[f] != rateBefore[i]) {
        members.change(f, rate[f] - rateBefore[i]);
        changed[changedCount++] = f;
      }
    }
    for (int i = 0; i < regionLinkCount; i++) {
      linkInRegion[regionLinks[i]] = false;
      members.round(regionLinks[i], rate);
    }
    regionCount = 0;
    regionLinkCount = 0;
    regionLinksDone = 0;
  }

  /** Takes in all that are held back by links of the region, and their links. */
  private void spread() {
    int flowsDone = 0;
    while (regionLinksDone < regionLinkCount || flowsDone < regionCount) {
      while (flowsDone < regionCount) {
        int f = region[flowsDone++];
        for (int u = members.first[f]; u < members.first[f + 1]; u++) {
          joinLink(members.link[u]);
        }
      }
      while (regionLinksDone < regionLinkCount) {
        int l = regionLinks[regionLinksDone++];
        int[] uses = members.active[l];
        int end = members.held[l] == 0 ? 0 : 2 * members.count[l];
        for (int i = 1; i < end; i += 2) {
          int f = uses[i];
          if (heldBy[f] == l) {
            join(f);
          }
        }
      }
    }
  }

  /** Whether a link that was filled holds somebody back who was left out; he is taken in. */
  private boolean addOthersHeldBack() {
    int count = regionCount;
    for (int i = 0; i < regionLinkCount; i++) {
      int l = regionLinks[i];
      double full = filling.fullAt(l) * NOISE;
      if (full == Double.POSITIVE_INFINITY) {
        continue;
      }
      int[] uses = members.active[l];
      for (int k = 1; k < 2 * members.count[l]; k += 2) {
        int f = uses[k];
        if (level[f] > full && !inRegion[f]) {
          join(f);
        }
      }
    }
    return regionCount > count;
  }
}
