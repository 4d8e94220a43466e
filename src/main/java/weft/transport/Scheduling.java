package weft.transport;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import weft.report.Digits;
import weft.units.Check;
import weft.units.DataSize;

/**
 * Traffic classes and how they share a port: each class waits in a queue of its own at every NIC
 * and switch, and is paused and marked by itself.
 *
 * <pre>{@code
 * Scheduling.strict("training", "storage")                        // storage only when training rests
 * Scheduling.weighted("training", 3).and("storage", 1)            // three bytes to one
 * Scheduling.strict("training", "storage").alpha("storage", 1.0 / 64).reserving("training", kib(64))
 * }</pre>
 *
 * <p>Acknowledgements and notifications go before all classes. The first class is priority 3, DSCP
 * 26, as RoCE is usually set up; the next are 4 and 5.
 *
 * <p>Classes share a switch's buffer too. Each may hold {@code alpha × free} at each input where
 * PFC pauses, and in each output queue where switches drop; what is {@linkplain #reserving
 * reserved} for it there comes before and is no longer free for anybody (the dynamic threshold and
 * the reserved size of a buffer profile in SONiC).
 */
public final class Scheduling {

  /** That of congestion notifications, 6, is left out. */
  private static final int[] PRIORITIES = {3, 4, 5, 2, 1, 0, 7};

  private static final int MOST_WEIGHT = 1000;

  /** One class for everything. */
  public static final Scheduling ONE_CLASS =
      new Scheduling(true, List.of("data"), List.of(1), Map.of());

  private static final BufferShare USUAL = new BufferShare(OptionalDouble.empty(), 0);

  /** What a class may take of a switch's buffer. */
  private record BufferShare(OptionalDouble alpha, long reserved) {
    @Override
    public String toString() {
      String part = alpha.isEmpty() ? "" : ", alpha " + Digits.of(alpha.getAsDouble());
      return part + (reserved == 0 ? "" : ", %s reserved".formatted(new DataSize(reserved)));
    }
  }

  private final boolean strict;
  private final List<String> classes;
  private final List<Integer> weights;
  private final Map<String, BufferShare> shares; // by class, where not usual

  private Scheduling(
      boolean strict,
      List<String> classes,
      List<Integer> weights,
      Map<String, BufferShare> shares) {
    this.shares = Map.copyOf(shares);
    this.strict = strict;
    this.classes = List.copyOf(classes);
    this.weights = List.copyOf(weights);
    if (classes.isEmpty() || classes.size() > PRIORITIES.length) {
      throw new IllegalArgumentException(
          "there are 1 to %d traffic classes, one for each priority but that of acknowledgements, but %d were given: write strict(\"training\", \"storage\")"
              .formatted(PRIORITIES.length, classes.size()));
    }
    if (classes.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException(
          "traffic classes have names, but one was \"%s\": write strict(\"training\", \"storage\")"
              .formatted(classes.stream().filter(String::isBlank).findFirst().orElse("")));
    }
    if (new HashSet<>(classes).size() < classes.size()) {
      throw new IllegalArgumentException(
          "traffic classes have names of their own, but these were given: "
              + String.join(", ", classes));
    }
  }

  /** A class sends whenever none before it can. */
  public static Scheduling strict(String... highestFirst) {
    Check.noneNull("traffic classes", highestFirst, "write strict(\"training\", \"storage\")");
    return new Scheduling(
        true, List.of(highestFirst), Arrays.stream(highestFirst).map(name -> 1).toList(), Map.of());
  }

  /**
   * Classes share a port's rate by their weights while all have something to send, by deficit round
   * robin; what one leaves unused, others get. To be given the others by {@link #and}.
   *
   * @param weight from 1 to 1000
   */
  public static Scheduling weighted(String name, int weight) {
    checkWeight(name, weight);
    return new Scheduling(false, List.of(name), List.of(weight), Map.of());
  }

  /** With another class and its weight. */
  public Scheduling and(String name, int weight) {
    checkWeight(name, weight);
    if (strict) {
      throw new IllegalArgumentException(
          "strict classes have no weights, but %s was given %d: write Scheduling.weighted(\"%s\", 1).and(\"%s\", %d)"
              .formatted(name, weight, classes.get(0), name, weight));
    }
    var names = new ArrayList<>(classes);
    var all = new ArrayList<>(weights);
    names.add(name);
    all.add(weight);
    return new Scheduling(false, names, all, shares);
  }

  /**
   * With another share of the free buffer that a class may hold; unless set it is PFC's alpha, or 1
   * where switches drop.
   *
   * @param share above 0
   */
  public Scheduling alpha(String name, double share) {
    if (!(share > 0) || Double.isInfinite(share)) {
      throw new IllegalArgumentException(
          "a class's alpha is the share of the free buffer it may hold at a port, a number above 0, but that of %s was %s: 1/8 is common"
              .formatted(name, share));
    }
    return with(name, new BufferShare(OptionalDouble.of(share), share(name).reserved()));
  }

  /** With room that a class has for itself at each port of every switch; nothing unless set. */
  public Scheduling reserving(String name, DataSize room) {
    Check.notNull("the room reserved for a class", room, "write for example kib(64)");
    return with(name, new BufferShare(share(name).alpha(), room.bytes()));
  }

  private BufferShare share(String name) {
    return shares.getOrDefault(classes.get(named(name)), USUAL);
  }

  private Scheduling with(String name, BufferShare share) {
    var all = new HashMap<>(shares);
    all.put(name, share);
    return new Scheduling(strict, classes, weights, all);
  }

  /**
   * The share of the free buffer that a class may hold.
   *
   * @param usual where none was set
   */
  public double alpha(int ofClass, double usual) {
    return share(classes.get(ofClass)).alpha().orElse(usual);
  }

  /** What is reserved for a class at each port of a switch, bytes. */
  public long reserved(int ofClass) {
    return share(classes.get(ofClass)).reserved();
  }

  private static void checkWeight(String name, int weight) {
    Check.notNull("a traffic class's name", name, "write weighted(\"training\", 3)");
    if (weight < 1 || weight > MOST_WEIGHT) {
      throw new IllegalArgumentException(
          "a traffic class's weight is from 1 to %d, but that of %s was %d: write weighted(\"training\", 3)"
              .formatted(MOST_WEIGHT, name, weight));
    }
  }

  /** Whether a class sends whenever none before it can. */
  public boolean isStrict() {
    return strict;
  }

  /** The classes' names; a class is its place in this list. */
  public List<String> classes() {
    return classes;
  }

  /** The weight of a class; 1 where they are strict. */
  public int weight(int ofClass) {
    return weights.get(Check.index("traffic class", ofClass, weights.size()));
  }

  /** The priority of a class in PFC's frames. */
  public static int priority(int ofClass) {
    return PRIORITIES[Check.index("traffic class", ofClass, PRIORITIES.length)];
  }

  /** The code point that data and acknowledgements of a class have in the IP header. */
  public static int dscp(int ofClass) {
    return 8 * priority(ofClass) + 2; // AF31, 26, for the first
  }

  /**
   * The class of a name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public int named(String name) {
    Check.notNull("a traffic class", name, "name one of " + String.join(", ", classes));
    int at = classes.indexOf(name);
    if (at < 0) {
      throw new IllegalArgumentException(
          "there is no traffic class \"%s\": the classes are %s; name one of them, or give the experiment a scheduling(...) that has it"
              .formatted(name, String.join(", ", classes)));
    }
    return at;
  }

  @Override
  public String toString() {
    if (classes.size() == 1) {
      return "one class" + share(classes.get(0));
    }
    String order =
        strict
            ? "strict: " + String.join(" before ", classes)
            : "weighted: "
                + IntStream.range(0, classes.size())
                    .mapToObj(c -> classes.get(c) + " " + weights.get(c))
                    .collect(Collectors.joining(", "));
    return order
        + classes.stream()
            .filter(shares::containsKey)
            .map(name -> "; " + name + share(name))
            .collect(Collectors.joining());
  }
}
