package weft.job;

import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.report.Digits;
import weft.report.Numbers;
import weft.report.Tabular;
import weft.units.Time;
import weft.units.Units;

/**
 * How many GPUs answer so many requests a second. Where the same GPUs read prompts and answer, each
 * prompt stops the answers of its batch; where they are apart (Zhong et al., DistServe, OSDI 2024),
 * keys and values cross the network. GPUs are just busy: queues would add to it.
 */
public final class ServingFleet implements Tabular {
  /** One of each human being. */
  private static final double MOST_REQUESTS = 1e10;

  private final ServingTime serving;
  private final double requests;

  ServingFleet(ServingTime serving, double requestsPerSecond) {
    if (!(requestsPerSecond > 0 && requestsPerSecond <= MOST_REQUESTS)) {
      throw new IllegalArgumentException(
          "requests a second are a number above 0 and at most %s, but were %s: write for example fleet(10)"
              .formatted(Digits.of(MOST_REQUESTS), requestsPerSecond));
    }
    this.serving = serving;
    requests = requestsPerSecond;
  }

  ServingTime serving() {
    return serving;
  }

  private InferenceJob job() {
    return serving.job();
  }

  /** Seconds of all further tokens of an answer without interruption. */
  private double answering() {
    return (job().output() - 1) * serving.decode().seconds();
  }

  private long gpus(double busyGroups) {
    if (busyGroups == 0) {
      return 0; // one token is answered by whoever reads the prompt
    }
    double units = Math.ceil(busyGroups / job().groups() - 1e-9);
    return (long) (Math.max(1, units) * job().gpus());
  }

  /** GPUs that read prompts, apart from those that answer. */
  public long prefillGpus() {
    return gpus(requests * serving.prefill().seconds());
  }

  /** GPUs that answer, apart from those that read prompts. */
  public long decodeGpus() {
    return gpus(requests * answering() / job().batch());
  }

  /** GPUs that do both. */
  public long sharedGpus() {
    return gpus(requests * (serving.prefill().seconds() + answering() / job().batch()));
  }

  /** Mean time per output token on GPUs that do both: other requests' prompts come between. */
  public Time sharedTokenTime() {
    double all = answering() + job().batch() * serving.prefill().seconds();
    return Units.seconds(all / Math.max(1, job().output() - 1));
  }

  /** Time to the first token where keys and values are handed over before the second. */
  public Time firstToken() {
    return Units.seconds(serving.prefill().seconds() + serving.handOver().seconds());
  }

  /** What the NIC of a GPU that reads prompts sends on average, Gb/s. */
  public double handOverGbps() {
    double bytes = requests * serving.handOverBytes() * job().tensor() / prefillGpus();
    return 8 * bytes / 1e9;
  }

  /** A row each: the same GPUs for prompts and answers, and GPUs of their own. */
  @Override
  public Table table() {
    double own = serving.decode().seconds();
    double shared = sharedTokenTime().seconds();
    int rest = job().output() - 1;
    return Table.create(
        "%s, %s requests a second".formatted(job().model().name(), Digits.of(requests)),
        StringColumn.create("prompts and answers", "same GPUs", "apart"),
        missing("GPUs for prompts", prefillGpus()),
        missing("GPUs for answers", decodeGpus()),
        LongColumn.create("GPUs", sharedGpus(), prefillGpus() + decodeGpus()),
        Numbers.column("first token (ms)", serving.prefill().millis(), firstToken().millis()),
        Numbers.column("token (ms)", 1e3 * shared, 1e3 * own),
        Numbers.column(
            "answer (s)",
            serving.prefill().seconds() + rest * shared,
            firstToken().seconds() + rest * own),
        Numbers.column("caches handed over (Gb/s a NIC)", 0, handOverGbps()));
  }

  /** Nothing where both are done by the same GPUs. */
  private static LongColumn missing(String name, long apart) {
    var column = LongColumn.create(name);
    column.appendMissing();
    return column.append(apart);
  }

  @Override
  public String toString() {
    return "%s requests a second of %s need %d GPUs, or %d for prompts and %d for answers"
        .formatted(
            Digits.of(requests), job().model().name(), sharedGpus(), prefillGpus(), decodeGpus());
  }
}
