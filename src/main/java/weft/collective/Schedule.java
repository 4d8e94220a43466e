package weft.collective;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.nn.Precision;
import weft.report.Tabular;
import weft.units.Check;

/**
 * A collective as plain data: transfers of array sections between ranks, each with the transfers
 * that must have arrived before it may leave.
 *
 * <p>Transfers that may leave a rank for the same other one at a time are sent in the order of
 * their numbers, one after the other, as a queue pair does: that is what makes chunks a pipeline.
 *
 * <p>The same schedule is executed twice: on the ranks' real arrays by {@link #applyTo(float[][],
 * int)}, and in time by an engine that asks for {@link #from}, {@link #to}, {@link #length} and the
 * {@linkplain #gate gate} of each transfer. Transfers are listed by step, and a transfer waits only
 * for those of earlier steps.
 */
public final class Schedule implements Tabular {
  /** The gate of a transfer that waits for no other. */
  public static final int NOTHING = -1;

  private final String name;
  private final int ranks;
  private final int helpers;
  private final int elements;
  private final int scratch;
  private final int[] from;
  private final int[] to;
  private final int[] step;
  private final boolean[] reduces;
  private final int[] length;
  private final int[] sectionStart;
  private final int[] first;
  private final int[] at;
  private final int[] count;
  private final int[] arranged;
  private final int[] gate;
  private final int[] gateStart;
  private final int[] keys;
  private final boolean[] staged;
  private final boolean[] kept;
  private final int stagedRoom;

  Schedule(ScheduleBuilder builder) {
    name = builder.name;
    ranks = builder.ranks;
    helpers = builder.helpers;
    elements = builder.elements;
    scratch = builder.scratch;
    arranged = builder.arranged.toArray();
    int[] order = builder.order();
    int n = order.length;
    from = new int[n];
    to = new int[n];
    step = new int[n];
    reduces = new boolean[n];
    length = new int[n];
    sectionStart = new int[n + 1];
    int sections = builder.first.size();
    first = new int[sections];
    at = new int[sections];
    count = new int[sections];
    int[] position = new int[n];
    for (int t = 0; t < n; t++) {
      position[order[t]] = t;
      take(builder, order[t], t);
    }
    var found =
        new Dependencies(this, moved(builder.waiter, position), moved(builder.awaited, position));
    gate = found.gateOf();
    gateStart = found.gateStart();
    keys = found.keys();
    staged = found.staged();
    kept = found.kept();
    stagedRoom = mostStaged();
  }

  private void take(ScheduleBuilder builder, int written, int t) {
    from[t] = builder.from.get(written);
    to[t] = builder.to.get(written);
    step[t] = builder.step.get(written) >> 1;
    reduces[t] = (builder.step.get(written) & 1) == 1;
    int start = builder.sectionStart.get(written);
    boolean last = written + 1 == builder.sectionStart.size();
    int end = last ? builder.first.size() : builder.sectionStart.get(written + 1);
    int next = sectionStart[t];
    long sum = 0;
    for (int s = start; s < end; s++, next++) {
      first[next] = builder.first.get(s);
      at[next] = builder.at.get(s);
      count[next] = builder.count.get(s);
      sum += count[next];
    }
    length[t] = Math.toIntExact(sum);
    sectionStart[t + 1] = next;
  }

  private static int[] moved(IntList transfers, int[] position) {
    return Arrays.stream(transfers.toArray()).map(t -> position[t]).toArray();
  }

  private int mostStaged() {
    int most = 0;
    int room = 0;
    for (int t = 0; t < from.length; t++) {
      room = (t == 0 || step[t] == step[t - 1] ? room : 0) + (staged[t] ? length[t] : 0);
      most = Math.max(most, room);
    }
    return most;
  }

  /** What tables call it, such as {@code ring AllReduce}. */
  public String name() {
    return name;
  }

  /** Ranks that take part, numbered from 0. */
  public int ranks() {
    return ranks;
  }

  /**
   * What takes part and is no rank, such as a switch that adds: numbered from {@link #ranks}, with
   * an array of zeros at first.
   */
  public int helpers() {
    return helpers;
  }

  /** Elements of each rank's array. */
  public int elements() {
    return elements;
  }

  /** Elements of scratch memory of each rank: positions from {@link #elements} on. */
  public int scratch() {
    return scratch;
  }

  /** How many transfers there are, numbered from 0 by step. */
  public int size() {
    return from.length;
  }

  /** How many steps there are. */
  public int steps() {
    return size() == 0 ? 0 : step[size() - 1] + 1;
  }

  /** The rank that a transfer leaves. */
  public int from(int transfer) {
    return from[known(transfer)];
  }

  /** The rank that a transfer reaches. */
  public int to(int transfer) {
    return to[known(transfer)];
  }

  /** How many elements a transfer carries, at least 1. */
  public int length(int transfer) {
    return length[known(transfer)];
  }

  /** The algorithm's step that a transfer belongs to, from 0. */
  public int step(int transfer) {
    return step[known(transfer)];
  }

  /** Whether the receiver adds what arrives to what it has, rather than replacing it. */
  public boolean reduces(int transfer) {
    return reduces[known(transfer)];
  }

  /** How many sections of its sender's array a transfer carries, at least 1. */
  public int sections(int transfer) {
    return sectionStart[known(transfer) + 1] - sectionStart[transfer];
  }

  /** Position of a section's first element in the sender's array. */
  public int first(int transfer, int section) {
    return first[known(transfer, section)];
  }

  /** Position of a section's first element in the receiver's array. */
  public int at(int transfer, int section) {
    return at[known(transfer, section)];
  }

  /** Elements of a section. */
  public int count(int transfer, int section) {
    return count[known(transfer, section)];
  }

  /**
   * What holds a transfer back: it may leave once its rank is ready and all of its gate's {@link
   * #key} transfers have arrived. Transfers that wait for the same ones share a gate.
   *
   * @return a gate's number, or {@link #NOTHING}
   */
  public int gate(int transfer) {
    return gate[known(transfer)];
  }

  /** How many gates there are, numbered from 0. */
  public int gates() {
    return gateStart.length - 1;
  }

  /** How many transfers must have arrived before a gate opens, at least 1. */
  public int keys(int gateIndex) {
    Check.index("gate", gateIndex, gates());
    return gateStart[gateIndex + 1] - gateStart[gateIndex];
  }

  /** One of the transfers that must have arrived before a gate opens, in ascending order. */
  public int key(int gateIndex, int i) {
    Check.index("key", i, keys(gateIndex));
    return keys[gateStart[gateIndex] + i];
  }

  /** How many transfers a transfer waits for. */
  public int waits(int transfer) {
    return gate(transfer) == NOTHING ? 0 : keys(gate(transfer));
  }

  /** One of the transfers that a transfer waits for. */
  public int waitsFor(int transfer, int i) {
    Check.index("transfer waited for", i, waits(transfer));
    return key(gate[transfer], i);
  }

  private int known(int transfer) {
    return transfer >= 0 && transfer < from.length
        ? transfer
        : Check.index("transfer", transfer, from.length);
  }

  private int known(int transfer, int section) {
    return sectionStart[transfer] + Check.index("section", section, sections(transfer));
  }

  boolean isStaged(int transfer) {
    return staged[transfer];
  }

  boolean isKept(int transfer) {
    return kept[transfer];
  }

  int stagedRoom() {
    return stagedRoom;
  }

  int arrangements() {
    return arranged.length / 4;
  }

  /** Rank, position before, position after, elements: in this order. */
  int arrangement(int i, int field) {
    return arranged[4 * i + field];
  }

  /** Elements of all arrangements. */
  int arranged() {
    return IntStream.range(0, arrangements()).map(i -> arrangement(i, 3)).sum();
  }

  /** Elements that a rank sends in all. */
  public long sent(int rank) {
    Check.index("rank", rank, ranks + helpers);
    long sum = 0;
    for (int t = 0; t < from.length; t++) {
      sum += from[t] == rank ? length[t] : 0;
    }
    return sum;
  }

  /**
   * Executes the collective on real arrays.
   *
   * @param arrays one array a rank; each is changed in place
   * @param start where in every array the collective's first element lies
   * @throws IllegalArgumentException if there is not one array a rank, long enough
   */
  public void applyTo(float[][] arrays, int start) {
    applyTo(arrays, start, null);
  }

  /**
   * {@link #applyTo(float[][], int)} with each transfer rounded, in its sender's array, when it is
   * sent, and sums that nobody sends on rounded at the end.
   *
   * @param format what the numbers are sent in; null for their own precision
   */
  public void applyTo(float[][] arrays, int start, @Nullable Precision format) {
    execute(Numbers.FLOATS, arrays, start, format);
  }

  /** {@link #applyTo(float[][], int)} on double precision. */
  public void applyTo(double[][] arrays, int start) {
    applyTo(arrays, start, null);
  }

  /** {@link #applyTo(float[][], int, Precision)} on double precision. */
  public void applyTo(double[][] arrays, int start, @Nullable Precision format) {
    execute(Numbers.DOUBLES, arrays, start, format);
  }

  /**
   * Executes the collective on copies of arrays and shows them after each step: a row a step, a
   * column a rank, what arrived in the step in brackets.
   *
   * @param arrays one array a rank, 16 at most, of 16 elements at most
   * @throws IllegalArgumentException if there is not one array a rank, long enough, or too much for
   *     a page
   */
  public Table trace(double[]... arrays) {
    checkArrays(Numbers.DOUBLES, arrays, 0);
    return new Trace(this, arrays).table();
  }

  <A> void execute(Numbers<A> numbers, A[] arrays, int start, @Nullable Precision format) {
    checkArrays(numbers, arrays, start);
    new Execution<>(this, numbers, arrays, start, format).run();
  }

  private <A> void checkArrays(Numbers<A> numbers, A[] arrays, int start) {
    Check.noneNull("arrays", arrays, "give one array a rank");
    if (arrays.length != ranks) {
      throw new IllegalArgumentException(
          "%s runs on %d ranks, but was given %d arrays: give one a rank"
              .formatted(name, ranks, arrays.length));
    }
    int shortest = Arrays.stream(arrays).mapToInt(numbers::length).min().orElse(0);
    if (start < 0 || shortest - start < elements) {
      throw new IllegalArgumentException(
          "%s covers elements %d to %d, but the shortest array has %d: give longer arrays or a start from 0"
              .formatted(name, start, start + elements - 1L, shortest));
    }
  }

  /** A row a transfer. */
  @Override
  public Table table() {
    var does = StringColumn.create("does");
    var waits = StringColumn.create("waits for transfers");
    for (int t = 0; t < size(); t++) {
      does.append(reduces[t] ? "reduce" : "copy");
      int transfer = t;
      waits.append(
          IntStream.range(0, waits(t))
              .mapToObj(i -> String.valueOf(waitsFor(transfer, i)))
              .collect(Collectors.joining(", ")));
    }
    return Table.create(
        name + " on " + ranks + " ranks",
        IntColumn.create("transfer", IntStream.range(0, size()).toArray()),
        IntColumn.create("step", step),
        IntColumn.create("from rank", from),
        IntColumn.create("to rank", to),
        IntColumn.create(
            "first element", IntStream.range(0, size()).map(t -> first(t, 0)).toArray()),
        IntColumn.create("elements", length),
        does,
        waits);
  }

  @Override
  public String toString() {
    return "%s, %d ranks, %d elements, %d transfers".formatted(name, ranks, elements, size());
  }
}
