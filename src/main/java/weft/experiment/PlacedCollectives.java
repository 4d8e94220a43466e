package weft.experiment;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import weft.collective.BucketExchange;
import weft.collective.Schedule;
import weft.fabric.Fabric;
import weft.routing.Demand;

/**
 * The collectives of a job at their places on a fabric: each rank on a GPU, and each helper of a
 * schedule, which adds, in the fabric's switches.
 */
public final class PlacedCollectives {
  private final Fabric fabric;
  private final int[] gpuOfRank;
  private final List<Schedule> schedules;
  private final int bytesPerElement;
  private final @Nullable Aggregation aggregation;

  private PlacedCollectives(
      Fabric fabric,
      int[] gpuOfRank,
      List<Schedule> schedules,
      int bytesPerElement,
      @Nullable Aggregation aggregation) {
    this.fabric = fabric;
    this.gpuOfRank = gpuOfRank;
    this.schedules = schedules;
    this.bytesPerElement = bytesPerElement;
    this.aggregation = aggregation;
  }

  /**
   * Places them.
   *
   * @param gpuOfRank where each rank runs
   * @param schedules by algorithms that are alike, each for another array
   * @param bytesPerElement of all of them
   * @throws IllegalArgumentException if switches are to add and no tree of them joins the ranks
   */
  public static PlacedCollectives of(
      Fabric fabric, int[] gpuOfRank, List<Schedule> schedules, int bytesPerElement) {
    int[] places = gpuOfRank.clone();
    Optional<Schedule> added = schedules.stream().filter(s -> s.helpers() > 0).findFirst();
    if (added.isEmpty()) {
      return new PlacedCollectives(fabric, places, List.copyOf(schedules), bytesPerElement, null);
    }
    var aggregation = Aggregation.of(fabric, places, added.get());
    List<Schedule> unfolded = schedules.stream().map(aggregation.tree()::unfold).toList();
    return new PlacedCollectives(fabric, places, unfolded, bytesPerElement, aggregation);
  }

  /** The schedules, each helper being the whole tree of switches. */
  public List<Schedule> schedules() {
    return schedules;
  }

  /** An exchange whose schedule is among them, with its helpers in the switches too. */
  public BucketExchange place(BucketExchange exchange) {
    return aggregation == null ? exchange : exchange.inside(aggregation.tree());
  }

  /** For provenance: which switches add, if any do. */
  public Map<String, String> facts() {
    return aggregation == null ? Map.of() : Map.of("switches that add", aggregation.told());
  }

  /** What will be sent between GPUs. */
  List<Demand> demands() {
    return Demands.of(schedules, gpuOfRank, bytesPerElement);
  }

  /** Where transfers leave and arrive if switches are no endpoints of the network. */
  Ends ends() {
    return new Ends() {
      @Override
      public int source(Schedule schedule, int transfer) {
        return end(schedule.from(transfer), schedule.reduces(transfer));
      }

      @Override
      public int destination(Schedule schedule, int transfer) {
        return end(schedule.to(transfer), schedule.reduces(transfer));
      }
    };
  }

  private int end(int participant, boolean adds) {
    return aggregation == null || participant < gpuOfRank.length
        ? gpuOfRank[participant]
        : aggregation.end(participant - gpuOfRank.length, adds);
  }

  /** Endpoints inside the switches that add, for packets; {@code null} if none do. */
  @Nullable Adders adders() {
    return aggregation == null ? null : new Adders(fabric, aggregation, gpuOfRank, schedules);
  }
}
