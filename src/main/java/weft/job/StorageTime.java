package weft.job;

import java.util.LinkedHashMap;
import java.util.Map;
import org.knowm.xchart.XYChart;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.report.Digits;
import weft.report.Numbers;
import weft.report.Provenance;
import weft.report.Result;
import weft.units.DataSize;

/**
 * What a training job asks of storage over a {@link FrontEnd}: data for every step, checkpoints,
 * the reading of one after a failure; how long each takes, how much of it the GPUs wait for, and
 * what failures and checkpoints leave of the time.
 *
 * <p>Token ids of 2 bytes, or 4 where the vocabulary has 65,500 or more, as Megatron-LM stores
 * them; each replica reads its own sequences once, the next step's while this one is calculated. A
 * checkpoint has 14 bytes a parameter, bf16 weights, float32 master weights and Adam's moments, cut
 * over all GPUs. Failures come as often for a GPU as on the 16,384 that Llama 3 was trained on: 419
 * in 54 days (Llama Team, 2024, table 5), one in 50,677 GPU hours.
 */
public final class StorageTime implements Result {
  private static final int BYTES_PER_PARAMETER = 2 + 12;
  private static final int WEIGHT_BYTES = 2;
  private static final int LARGE_VOCABULARY = 65_500;
  private static final double GPU_HOURS_A_FAILURE = 54 * 24 * 16_384 / 419.0;

  private final StepTime step;
  private final FrontEnd frontEnd;
  private final double bytesPerToken;
  private final double bytesPerParameter;
  private final double hoursBetweenFailures;
  private final double stagedTokens;
  private final double repairSeconds;

  private StorageTime(
      StepTime step,
      FrontEnd frontEnd,
      double bytesPerToken,
      double bytesPerParameter,
      double hoursBetweenFailures,
      double stagedTokens,
      double repairSeconds) {
    this.step = step;
    this.frontEnd = frontEnd;
    this.bytesPerToken = bytesPerToken;
    this.bytesPerParameter = bytesPerParameter;
    this.hoursBetweenFailures = hoursBetweenFailures;
    this.stagedTokens = stagedTokens;
    this.repairSeconds = repairSeconds;
    frontEnd.toServers(servers(), step.job().server());
  }

  static StorageTime of(StepTime step, FrontEnd frontEnd) {
    TrainingJob job = step.job();
    int token = job.model().vocabulary() < LARGE_VOCABULARY ? 2 : 4;
    double hours = GPU_HOURS_A_FAILURE / job.plan().gpus();
    return new StorageTime(step, frontEnd, token, BYTES_PER_PARAMETER, hours, 0, 0);
  }

  /** With so many bytes read for every token: an image's pixels over its tokens, for example. */
  public StorageTime bytesPerToken(double bytes) {
    above0("bytesPerToken", bytes, "a token id has 2 or 4");
    return with(bytes, bytesPerParameter, hoursBetweenFailures, stagedTokens);
  }

  /** With checkpoints of so many bytes a parameter: 2 are bf16 weights alone. */
  public StorageTime bytesPerParameter(double bytes) {
    above0("bytesPerParameter", bytes, "weights and Adam's state are 14");
    return with(bytesPerToken, bytes, hoursBetweenFailures, stagedTokens);
  }

  /** With a failure of the whole job every so many hours on average. */
  public StorageTime failingEvery(double hours) {
    above0("hours between failures", hours, "Llama 3 on 16,384 GPUs had 3.1");
    return with(bytesPerToken, bytesPerParameter, hours, stagedTokens);
  }

  /** With a data set of so many tokens copied to the servers' own drives before the first step. */
  public StorageTime staging(double tokens) {
    above0("staged tokens", tokens, "Llama 3 read 15.6e12");
    return with(bytesPerToken, bytesPerParameter, hoursBetweenFailures, tokens);
  }

  /**
   * With so many seconds from a failure until a checkpoint is read: it must be noticed, a server
   * replaced, every process started. 0 unless said, which is too good for any real cluster.
   */
  public StorageTime repairing(double seconds) {
    if (!(seconds >= 0) || Double.isInfinite(seconds)) {
      throw new IllegalArgumentException(
          "a repair takes 0 seconds or more, but was %s: 600 are ten minutes".formatted(seconds));
    }
    return with(bytesPerToken, bytesPerParameter, hoursBetweenFailures, stagedTokens, seconds);
  }

  private StorageTime with(double token, double parameter, double hours, double staged) {
    return with(token, parameter, hours, staged, repairSeconds);
  }

  private StorageTime with(
      double token, double parameter, double hours, double staged, double repair) {
    return new StorageTime(step, frontEnd, token, parameter, hours, staged, repair);
  }

  private static void above0(String name, double value, String remedy) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          "%s is a number above 0, but was %s: %s".formatted(name, value, remedy));
    }
  }

  private int servers() {
    return step.job().servers();
  }

  private FrontEnd.Narrowest reads() {
    return frontEnd.toServers(servers(), step.job().server());
  }

  private FrontEnd.Narrowest writes() {
    return frontEnd.toStorage(servers(), step.job().server());
  }

  private double dataBytes() {
    return bytesPerToken * step.job().globalBatch() * step.job().model().sequence();
  }

  private double checkpointBytes() {
    return bytesPerParameter * step.job().model().parameters();
  }

  /** Read for every step. */
  public DataSize data() {
    return size(dataBytes());
  }

  /** Of all GPUs together. */
  public DataSize checkpoint() {
    return size(checkpointBytes());
  }

  /** Of one GPU, which writes its own share. */
  public DataSize checkpointOfGpu() {
    return size(checkpointBytes() / step.job().plan().gpus());
  }

  private static DataSize size(double bytes) {
    return new DataSize(Math.round(bytes));
  }

  /** Seconds of copying the data set to the servers' drives at the start, 0 if it is not. */
  public double stagingSeconds() {
    return stagedTokens * bytesPerToken / reads().bytesPerSecond();
  }

  /** Seconds that reading a step's data takes. */
  public double loadSeconds() {
    return dataBytes() / reads().bytesPerSecond();
  }

  /** Of those, seconds that do not fit behind the step before. */
  public double exposedLoadSeconds() {
    return Math.max(0, loadSeconds() - step.seconds());
  }

  /** Seconds that writing a checkpoint to storage takes, and that GPUs stand still if they wait. */
  public double writeSeconds() {
    return checkpointBytes() / writes().bytesPerSecond();
  }

  /** Seconds of copying it to the servers' memory over PCIe: the stop if it is written behind. */
  public double copySeconds() {
    double pcie = step.job().server().pcie().bitsPerSecond() / 8.0;
    return checkpointBytes() / step.job().plan().gpus() / pcie;
  }

  /**
   * Seconds of reading a checkpoint after a failure, or at the start: one replica reads and hands
   * weights on over the backend (Jiang et al., MegaScale, NSDI 2024).
   */
  public double restartSeconds() {
    return checkpointBytes() / reads().bytesPerSecond();
  }

  /** The same if every replica reads the weights itself. */
  public double restartSecondsOfAll() {
    return bytesOfAllReplicas() / reads().bytesPerSecond();
  }

  private double bytesOfAllReplicas() {
    double more = Math.min(WEIGHT_BYTES, bytesPerParameter) * step.job().model().parameters();
    return checkpointBytes() + (step.job().plan().data() - 1) * more;
  }

  /** The GPUs stand still while a checkpoint is written. */
  public CheckpointInterval synchronous() {
    return interval(writeSeconds(), 0);
  }

  /** The GPUs stand still for the copy to the servers' memory; the rest goes on behind. */
  public CheckpointInterval asynchronous() {
    return interval(copySeconds(), writeSeconds());
  }

  private CheckpointInterval interval(double stop, double behind) {
    return new CheckpointInterval(
        stop, behind, repairSeconds + restartSeconds(), 3600 * hoursBetweenFailures);
  }

  /**
   * What training on so many tokens takes with failures and asynchronous checkpoints.
   *
   * @param tokens at least 1; {@code 15.6e12} for Llama 3
   */
  public TokenBudget forTokens(double tokens) {
    var interval = asynchronous();
    double effective = interval.effective(interval.best());
    if (effective <= 0) {
      throw new IllegalArgumentException(
          "a job moves on if a restart and half an interval are shorter than the time between failures, but that is %s h: take faster storage or fewer GPUs"
              .formatted(Digits.of(hoursBetweenFailures, 3)));
    }
    return step.forTokens(tokens, (step.seconds() + exposedLoadSeconds()) / effective);
  }

  /** A row an errand: size, rate and what limits it, time, and what of it the GPUs wait for. */
  @Override
  public Table table() {
    var rows = new StorageErrands();
    if (stagedTokens > 0) {
      rows.add("data set at the start", stagedTokens * bytesPerToken, reads(), stagingSeconds());
    }
    rows.add("data of a step", dataBytes(), reads(), exposedLoadSeconds());
    rows.add("checkpoint, all wait", checkpointBytes(), writes(), writeSeconds());
    rows.add("checkpoint, written behind", checkpointBytes(), writes(), copySeconds());
    rows.add("restart, one replica reads", checkpointBytes(), reads(), restartSeconds());
    rows.add("restart, every replica reads", bytesOfAllReplicas(), reads(), restartSecondsOfAll());
    return rows.table("Storage of " + step.job());
  }

  /** A row a way of writing checkpoints: stop, best interval, what is left of the time. */
  public Table checkpoints() {
    var names = StringColumn.create("checkpoint");
    var stops = Numbers.column("stop (s)");
    var young = Numbers.column("interval by Young (s)");
    var daly = Numbers.column("by Daly (s)");
    var used = Numbers.column("used (s)");
    var left = Numbers.column("effective time (%)");
    ways()
        .forEach(
            (name, interval) -> {
              names.append(name);
              stops.append(interval.stopSeconds());
              young.append(interval.young());
              daly.append(interval.daly());
              used.append(interval.best());
              left.append(100 * interval.effective(interval.best()));
            });
    return Table.create("Checkpoints of " + step.job(), names, stops, young, daly, used, left);
  }

  private Map<String, CheckpointInterval> ways() {
    var ways = new LinkedHashMap<String, CheckpointInterval>();
    ways.put("all wait", synchronous());
    ways.put("written behind", asynchronous());
    return ways;
  }

  /** What is left of the time against the interval, a line a way of writing. */
  @Override
  public XYChart chart() {
    return IntervalChart.of(
        "%s: a failure every %s h".formatted(step.job(), Digits.of(hoursBetweenFailures, 3)),
        ways());
  }

  @Override
  public Provenance provenance() {
    var facts = new LinkedHashMap<String, String>();
    facts.put("job", step.job().toString());
    facts.put("front end", frontEnd.toString());
    facts.put(
        "drives of a node", "read %s, write %s".formatted(frontEnd.reading(), frontEnd.writing()));
    facts.put("bytes a token", Digits.of(bytesPerToken));
    facts.put("bytes a parameter in a checkpoint", Digits.of(bytesPerParameter));
    facts.put("hours between failures", Digits.of(hoursBetweenFailures, 3));
    facts.put("repair (s)", Digits.of(repairSeconds));
    facts.put("fidelity", "closed forms: the narrowest part of the path");
    return Provenance.of(facts);
  }

  @Override
  public String summary() {
    return "%s: a checkpoint of %s takes %s s, limited by %s; written behind, %s"
        .formatted(
            step.job(),
            checkpoint().decimal(),
            Digits.of(writeSeconds(), 3),
            writes().part(),
            asynchronous());
  }

  @Override
  public String toString() {
    return summary();
  }
}
