package weft.collective;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.knowm.xchart.XYChart;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.cluster.Server;
import weft.report.Charts;
import weft.report.Numbers;
import weft.report.Plottable;
import weft.report.Tabular;
import weft.units.Check;
import weft.units.DataSize;
import weft.units.Time;
import weft.units.Units;

/**
 * NCCL's choice of algorithm and protocol by size, ranks and servers, with its own tuning constants
 * (NVIDIA/nccl, {@code src/graph/tuning.cc}, 2026), and the bus bandwidth it expects; {@link
 * #table} over sizes has the shape of nccl-tests' output.
 *
 * <p>From 256 MiB on the estimates lie within 10 % of measured bandwidths: A100, H200 and B200 on
 * one server, H100 on one and two, B200 on four, NVL72 (S. Bekman, Machine Learning Engineering
 * Open Book; nccl-tests issues 290 and 309); from 1 GiB on also on two servers of H100 with NICs of
 * 200 Gb/s. Below, they are what NCCL chooses by and too optimistic: H200 measures 220 GB/s at 16
 * MiB and 40 GB/s at 1 MiB, where 338 and 66 are expected. Up to some MiB that is what a
 * {@linkplain #call call} costs in PyTorch, with which they are 35. From there to 256 MiB NCCL
 * takes longer to get to full rate than its own model knows: it corrects trees by size, but NVLS in
 * one server is 25 us and a bandwidth. With a call of 24 us what is expected is 1.21 times what
 * H200 measures at 16 MiB, 111 us for 134, and 1.38 times what B200 measures at 64 MiB, 212 us for
 * 293. No published constant says how the rate of these GPUs rises (NCCL's newest model, a pipeline
 * of chunks, is for Rubin alone: {@code src/tuning/pipeline_model}), so none is made up here.
 *
 * <p>How many channels there are at which bandwidth NCCL finds by a search over the server's
 * topology ({@code search.cc}); here it follows from NVLink and NICs alone. Hosts are Intel's,
 * links have no latency of their own, and LL128 is to be had. CollNet and PAT are left out, and
 * NVLS for all_gather and reduce_scatter.
 */
public final class Nccl implements Tabular, Plottable {
  private static final int SMALLEST = 8;
  private static final long LARGEST = 1L << 34;

  private final Server server;
  private final int servers;
  private final int gpus;
  private final NcclFunction function;
  private final Set<NcclAlgorithm> algorithms;
  private final Time call;
  private final NcclModel model;

  private Nccl(
      Server server,
      int servers,
      int gpus,
      NcclFunction function,
      Set<NcclAlgorithm> algorithms,
      Time call) {
    this.call = call;
    this.server = server;
    this.servers = servers;
    this.gpus = gpus;
    this.function = function;
    this.algorithms = algorithms;
    this.model = new NcclModel(server, servers, gpus, function);
  }

  /** AllReduce on the eight GPUs of one DGX H100. */
  public static Nccl defaults() {
    return new Nccl(
        Server.DGX_H100,
        1,
        Server.DGX_H100.gpus(),
        NcclFunction.ALL_REDUCE,
        EnumSet.allOf(NcclAlgorithm.class),
        Time.ZERO);
  }

  /**
   * On all GPUs of so many servers.
   *
   * @param kind with A100, H100, H200, B200 or GB200
   * @param count at least 1
   */
  public Nccl on(Server kind, int count) {
    Check.notNull("a server", kind, "write for example DGX_H100");
    Check.atLeast(1, "the number of servers", count, "give 1 or more");
    checkRanks((long) count * kind.gpus());
    return new Nccl(kind, count, kind.gpus(), function, algorithms, call);
  }

  /**
   * With so many GPUs of each server only.
   *
   * @param perServer at least 1 and at most what the server has
   */
  public Nccl gpus(int perServer) {
    Check.atLeast(1, "the GPUs of each server", perServer, "give 1 or more");
    if (perServer > server.gpus()) {
      throw new IllegalArgumentException(
          "%s has %d GPUs, but %d were to take part: give fewer"
              .formatted(server.name(), server.gpus(), perServer));
    }
    checkRanks((long) servers * perServer);
    return new Nccl(server, servers, perServer, function, algorithms, call);
  }

  private static void checkRanks(long ranks) {
    if (ranks < 2 || ranks > 1 << 24) {
      throw new IllegalArgumentException(
          "a collective takes 2 to 2^24 ranks, but there would be %d: change the servers or their GPUs"
              .formatted(ranks));
    }
  }

  /** Another collective. */
  public Nccl function(NcclFunction other) {
    Check.notNull("a function", other, "write NcclFunction.ALL_GATHER");
    return new Nccl(server, servers, gpus, other, algorithms, call);
  }

  /**
   * Without these algorithms, as {@code NCCL_ALGO=^NVLS} says it.
   *
   * @throws IllegalArgumentException if Ring is among them, which alone serves every function
   */
  public Nccl without(NcclAlgorithm... left) {
    Check.noneNull("algorithms", left, "write NcclAlgorithm.NVLS");
    var rest = EnumSet.copyOf(algorithms);
    rest.removeAll(Arrays.asList(left));
    if (!rest.contains(NcclAlgorithm.RING)) {
      throw new IllegalArgumentException(
          "Ring is the one algorithm that serves every function, but was left out: leave out"
              + " others");
    }
    return new Nccl(server, servers, gpus, function, rest, call);
  }

  /**
   * With what each call costs besides: a kernel's launch and a framework's own work, which NCCL's
   * model leaves out because they do not change its choice; none unless set. About 24 us is what
   * PyTorch's all_reduce takes longer than NCCL expects on one H200 server, from 32 KiB to 1 MiB.
   *
   * @param each at least 0
   */
  public Nccl call(Time each) {
    Check.notNull("what a call costs", each, "write for example us(24)");
    if (each.ps() < 0) {
      throw new IllegalArgumentException(
          "a call costs at least no time, but was %s: write for example us(24)".formatted(each));
    }
    return new Nccl(server, servers, gpus, function, algorithms, each);
  }

  /** Ranks that take part. */
  public int ranks() {
    return servers * gpus;
  }

  /** Time of the smallest array by an algorithm and protocol, whatever NCCL would choose. */
  public Time latency(NcclAlgorithm algorithm, NcclProtocol protocol) {
    return Units.us(model.latency(algorithm, protocol));
  }

  /**
   * What NCCL chooses for an array of this size, and expects.
   *
   * @param size at least 1 byte
   */
  public NcclEstimate estimate(DataSize size) {
    Check.notNull("a size", size, "write for example gib(1)");
    if (size.bytes() < 1) {
      throw new IllegalArgumentException(
          "a collective moves 1 byte or more, but was %s: write for example gib(1)"
              .formatted(size));
    }
    return estimate(size.bytes(), algorithms);
  }

  private NcclEstimate estimate(long bytes, Set<NcclAlgorithm> choices) {
    NcclAlgorithm best = NcclAlgorithm.RING;
    NcclProtocol how = NcclProtocol.SIMPLE;
    double least = Double.POSITIVE_INFINITY;
    for (NcclAlgorithm algorithm : choices) {
      for (NcclProtocol protocol : NcclProtocol.values()) {
        double time = model.time(algorithm, protocol, bytes) + call.micros();
        if (time < least) {
          least = time;
          best = algorithm;
          how = protocol;
        }
      }
    }
    double bandwidth = bytes / least / 1e3;
    double bus = bandwidth * function.busBandwidthFactor(ranks());
    return new NcclEstimate(new DataSize(bytes), best, how, Units.us(least), bandwidth, bus);
  }

  private List<NcclEstimate> sweep() {
    return sizes().mapToObj(size -> estimate(size, algorithms)).toList();
  }

  private static LongStream sizes() {
    return LongStream.iterate(SMALLEST, s -> s <= LARGEST, s -> 2 * s);
  }

  /** A row a size, 8 B to 16 GiB: choice, time, bandwidths. */
  @Override
  public Table table() {
    List<NcclEstimate> sweep = sweep();
    return Table.create(
        toString(),
        LongColumn.create("size (B)", sweep.stream().mapToLong(e -> e.size().bytes()).toArray()),
        StringColumn.create("algorithm", sweep.stream().map(e -> e.algorithm().toString())),
        StringColumn.create("protocol", sweep.stream().map(e -> e.protocol().toString())),
        Numbers.column("time (us)", sweep.stream().mapToDouble(e -> rounded(e.time().micros()))),
        Numbers.column(
            "algbw (GB/s)", sweep.stream().mapToDouble(e -> rounded(e.algorithmBandwidth()))),
        Numbers.column("busbw (GB/s)", sweep.stream().mapToDouble(e -> rounded(e.busBandwidth()))));
  }

  private static double rounded(double value) {
    return Math.round(value * 100) / 100.0;
  }

  /** Bus bandwidth over size by each algorithm with its best protocol; NCCL takes the highest. */
  @Override
  public XYChart chart() {
    XYChart chart = Charts.lines(toString(), "array size", "expected busbw (GB/s)");
    chart
        .getStyler()
        .setXAxisLogarithmic(true)
        .setXAxisTickLabelsFormattingFunction(size -> new DataSize(Math.round(size)).decimal());
    double[] sizes = sizes().asDoubleStream().toArray();
    for (NcclAlgorithm algorithm : algorithms) {
      if (model.bandwidth(algorithm, NcclProtocol.SIMPLE) > 0) {
        Charts.line(
            chart,
            algorithm.toString(),
            sizes,
            sizes()
                .mapToDouble(size -> estimate(size, Set.of(algorithm)).busBandwidth())
                .toArray());
      }
    }
    return chart;
  }

  /** For example {@code NCCL all_reduce on 2 DGX H100, 16 GPUs}. */
  @Override
  public String toString() {
    return "NCCL %s on %d %s, %d GPUs".formatted(function, servers, server.name(), ranks());
  }
}
