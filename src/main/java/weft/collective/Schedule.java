package weft.collective;

import java.util.Arrays;
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
 * <p>The same schedule is executed twice: on the ranks' real arrays by {@link #applyTo(float[][],
 * int)}, and in time by an engine that asks for {@link #from}, {@link #to}, {@link #length} and
 * {@link #after}. Transfers are listed so that applying them one by one in that order respects
 * every dependency.
 */
public final class Schedule implements Tabular {
  private final String name;
  private final int ranks;
  private final int elements;
  private final int[] from;
  private final int[] to;
  private final int[] offset;
  private final int[] length;
  private final int[] step;
  private final int[] after;
  private final boolean[] reduces;

  Schedule(ScheduleBuilder builder) {
    name = builder.name;
    ranks = builder.ranks;
    elements = builder.elements;
    int n = builder.size;
    from = Arrays.copyOf(builder.from, n);
    to = Arrays.copyOf(builder.to, n);
    offset = Arrays.copyOf(builder.offset, n);
    length = Arrays.copyOf(builder.length, n);
    step = Arrays.copyOf(builder.step, n);
    after = Arrays.copyOf(builder.after, n);
    reduces = Arrays.copyOf(builder.reduces, n);
  }

  /** What tables call it, such as {@code ring AllReduce}. */
  public String name() {
    return name;
  }

  /** Ranks that take part, numbered from 0. */
  public int ranks() {
    return ranks;
  }

  /** Elements of each rank's array. */
  public int elements() {
    return elements;
  }

  /** How many transfers there are, numbered from 0. */
  public int size() {
    return from.length;
  }

  /** The rank that a transfer leaves. */
  public int from(int transfer) {
    return from[known(transfer)];
  }

  /** The rank that a transfer reaches. */
  public int to(int transfer) {
    return to[known(transfer)];
  }

  /** First element that a transfer carries. */
  public int offset(int transfer) {
    return offset[known(transfer)];
  }

  /** How many elements a transfer carries, at least 1. */
  public int length(int transfer) {
    return length[known(transfer)];
  }

  /** The algorithm's step that a transfer belongs to, from 0. */
  public int step(int transfer) {
    return step[known(transfer)];
  }

  /**
   * The transfer that must have arrived at {@link #from} before this one may leave; {@link
   * ScheduleBuilder#NOTHING} when it may leave as soon as its rank is ready.
   */
  public int after(int transfer) {
    return after[known(transfer)];
  }

  /** Whether the receiver adds what arrives to what it has, rather than replacing it. */
  public boolean reduces(int transfer) {
    return reduces[known(transfer)];
  }

  private int known(int transfer) {
    return transfer >= 0 && transfer < from.length
        ? transfer
        : Check.index("transfer", transfer, from.length);
  }

  /** Elements that a rank sends in all. */
  public long sent(int rank) {
    Check.index("rank", rank, ranks);
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
   * sent.
   *
   * @param format what the numbers are sent in; null for their own precision
   */
  public void applyTo(float[][] arrays, int start, @Nullable Precision format) {
    Check.noneNull("arrays", arrays, "give one array a rank");
    checkArrays(
        arrays.length, Arrays.stream(arrays).mapToInt(a -> a.length).min().orElse(0), start);
    for (int t = 0; t < from.length; t++) {
      float[] source = arrays[from[t]];
      float[] target = arrays[to[t]];
      int first = start + offset[t];
      if (format != null) {
        format.roundSent(source, first, first + length[t]);
      }
      if (reduces[t]) {
        for (int i = first; i < first + length[t]; i++) {
          target[i] += source[i];
        }
      } else {
        System.arraycopy(source, first, target, first, length[t]);
      }
    }
  }

  /** {@link #applyTo(float[][], int)} on double precision. */
  public void applyTo(double[][] arrays, int start) {
    applyTo(arrays, start, null);
  }

  /** {@link #applyTo(float[][], int, Precision)} on double precision. */
  public void applyTo(double[][] arrays, int start, @Nullable Precision format) {
    Check.noneNull("arrays", arrays, "give one array a rank");
    checkArrays(
        arrays.length, Arrays.stream(arrays).mapToInt(a -> a.length).min().orElse(0), start);
    for (int t = 0; t < from.length; t++) {
      double[] source = arrays[from[t]];
      double[] target = arrays[to[t]];
      int first = start + offset[t];
      if (format != null) {
        format.roundSent(source, first, first + length[t]);
      }
      if (reduces[t]) {
        for (int i = first; i < first + length[t]; i++) {
          target[i] += source[i];
        }
      } else {
        System.arraycopy(source, first, target, first, length[t]);
      }
    }
  }

  private void checkArrays(int count, int shortest, int start) {
    if (count != ranks) {
      throw new IllegalArgumentException(
          "%s runs on %d ranks, but was given %d arrays: give one a rank"
              .formatted(name, ranks, count));
    }
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
    for (boolean reduce : reduces) {
      does.append(reduce ? "reduce" : "copy");
    }
    return Table.create(
        name + " on " + ranks + " ranks",
        IntColumn.create("step", step),
        IntColumn.create("from rank", from),
        IntColumn.create("to rank", to),
        IntColumn.create("first element", offset),
        IntColumn.create("elements", length),
        does);
  }

  @Override
  public String toString() {
    return "%s, %d ranks, %d elements, %d transfers".formatted(name, ranks, elements, size());
  }
}
