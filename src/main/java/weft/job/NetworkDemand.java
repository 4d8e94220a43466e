package weft.job;

import java.util.ArrayList;
import java.util.List;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.parallel.AxisTraffic;
import weft.parallel.AxisTraffic.Operation;
import weft.report.Numbers;
import weft.report.Tabular;
import weft.units.Check;

/**
 * What training and inference ask of the network, in one table: how large messages are, how many a
 * second, and what that comes to for each GPU.
 *
 * <pre>{@code
 * NetworkDemand.of(step).and(serving.fleet(20)).table()
 * }</pre>
 */
public final class NetworkDemand implements Tabular {
  private final List<Row> rows;

  private record Row(
      String workload,
      String exchange,
      String operation,
      int gpus,
      String wires,
      double bytes,
      double callsPerSecond,
      double sent) {}

  private NetworkDemand(List<Row> rows) {
    this.rows = List.copyOf(rows);
  }

  /** Of a training step. */
  public static NetworkDemand of(StepTime step) {
    return new NetworkDemand(List.of()).and(step);
  }

  /** Of inference. */
  public static NetworkDemand of(ServingFleet fleet) {
    return new NetworkDemand(List.of()).and(fleet);
  }

  /** And of a training step. */
  public NetworkDemand and(StepTime step) {
    Check.notNull("a step", step, "write NetworkDemand.of(job.run())");
    TrainingJob job = step.job();
    Locality packed = Locality.packed(job.plan(), job.server().gpus());
    var all = new ArrayList<>(rows);
    for (AxisTraffic row : step.traffic().rows()) {
      all.add(
          new Row(
              "training of " + job.model().name(),
              row.axis().label(),
              row.operation().toString(),
              row.ranks(),
              wires(packed.inside(row), row.ranks()),
              row.payload(),
              row.calls() / step.seconds(),
              row.sentPerCall()));
    }
    return new NetworkDemand(all);
  }

  /** And of inference: prompts read and answers given on GPUs of their own. */
  public NetworkDemand and(ServingFleet fleet) {
    Check.notNull("a fleet", fleet, "write NetworkDemand.of(serving.run().fleet(20))");
    ServingTime serving = fleet.serving();
    InferenceJob job = serving.job();
    var all = new ArrayList<>(rows);
    String name = " of " + job.model().name();
    add(all, "prompts" + name, serving, job.prompt(), serving.prefill().seconds());
    add(all, "answers" + name, serving, job.batch(), serving.decode().seconds());
    double bytes = serving.handOverBytes();
    double calls = fleet.handOverGbps() * 1e9 / 8 / bytes;
    all.add(
        new Row(
            "prompts to answers" + name,
            "Keys and values",
            Operation.SEND.toString(),
            2,
            "NIC",
            bytes,
            calls,
            bytes));
    return new NetworkDemand(all);
  }

  private static void add(
      List<Row> rows, String workload, ServingTime serving, double tokens, double seconds) {
    ServingWires wires = serving.wires();
    InferenceJob job = serving.job();
    if (wires.tensorCalls() > 0) {
      rows.add(
          new Row(
              workload,
              "Tensor",
              Operation.ALL_REDUCE.toString(),
              job.tensor(),
              "NVLink",
              wires.tensorBytes(tokens),
              wires.tensorCalls() / seconds,
              wires.tensorSent(tokens)));
    }
    if (wires.expertCalls() > 0) {
      double bytes = wires.expertBytes(tokens);
      rows.add(
          new Row(
              workload,
              "Expert",
              Operation.ALL_TO_ALL.toString(),
              job.expert(),
              wires(wires.inside(), job.expert()),
              bytes,
              wires.expertCalls() / seconds,
              bytes * (job.expert() - 1) / job.expert()));
    }
  }

  private static String wires(int inside, int ranks) {
    if (inside == ranks) {
      return "NVLink";
    }
    return inside == 1 ? "NIC" : "NVLink and NIC";
  }

  /** A row an exchange: who, how, over which wires, message size, calls a second, Gb/s a GPU. */
  @Override
  public Table table() {
    var workloads = StringColumn.create("workload");
    var exchanges = StringColumn.create("exchange");
    var operations = StringColumn.create("operation");
    var gpus = IntColumn.create("GPUs");
    var wires = StringColumn.create("wires");
    var sizes = Numbers.column("array (MB)");
    var calls = Numbers.column("calls a second");
    var rates = Numbers.column("sent by a GPU (Gb/s)");
    for (Row row : rows) {
      workloads.append(row.workload);
      exchanges.append(row.exchange);
      operations.append(row.operation);
      gpus.append(row.gpus);
      wires.append(row.wires);
      sizes.append(row.bytes / 1e6);
      calls.append(row.callsPerSecond);
      rates.append(8 * row.sent * row.callsPerSecond / 1e9);
    }
    return Table.create(
        "Demands on the network",
        workloads,
        exchanges,
        operations,
        gpus,
        wires,
        sizes,
        calls,
        rates);
  }
}
