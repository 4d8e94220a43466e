package weft.experiment;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import weft.collective.Schedule;
import weft.fabric.Fabric;
import weft.fabric.InsideSwitches;

/**
 * Switches that add, packet by packet: every switch of the tree ends the reliable connections of
 * its neighbours in the tree, as SHARP's aggregation nodes do (Graham et al., COMHPC 2016). It
 * waits for all packets of all children's message, which is a chunk of the array, adds, and sends
 * one message on; what comes from above it sends each child in a message of its own. So a chunk is
 * stored and forwarded at each switch, and small chunks make it a pipeline.
 *
 * <p>Where several cables join two nodes, what adds sends at the rate of one: {@link
 * Aggregation#cable}.
 */
final class Adders implements Ends {
  private final Fabric fabric;
  private final Aggregation aggregation;
  private final int[] gpuOfRank;
  private final int endpoints; // of the fabric without these
  private final Map<Place, Integer> adders = new LinkedHashMap<>(); // in the order of numbers
  private final Map<Long, Integer> ends = new HashMap<>(); // numbers, by who, to whom, what for
  private final Map<Integer, Integer> node = new HashMap<>(); // switch, by number after endpoints

  /** Where an adder is: at a switch's end of a link; what is added up and what is not are apart. */
  private record Place(int link, int at, boolean adds) {}

  Adders(Fabric bare, Aggregation aggregation, int[] gpuOfRank, List<Schedule> schedules) {
    this.aggregation = aggregation;
    this.gpuOfRank = gpuOfRank;
    this.endpoints = bare.endpoints();
    for (Schedule schedule : schedules) {
      for (int t = 0; t < schedule.size(); t++) {
        open(bare, schedule.from(t), schedule.to(t), schedule.reduces(t));
        open(bare, schedule.to(t), schedule.from(t), schedule.reduces(t));
      }
    }
    this.fabric =
        InsideSwitches.join(
            bare,
            adders.keySet().stream().mapToInt(Place::link).toArray(),
            adders.keySet().stream().mapToInt(Place::at).toArray());
  }

  private void open(Fabric bare, int participant, int other, boolean adds) {
    long key = key(participant, other, adds);
    if (isSwitch(participant) && !ends.containsKey(key)) {
      int at = nodeOf(bare, participant);
      int link = Aggregation.cable(bare, at, nodeOf(bare, other))[0] >> 1;
      var place = new Place(link, at, adds);
      int adder = adders.computeIfAbsent(place, p -> adders.size());
      node.put(adder, at);
      ends.put(key, endpoints + adder);
    }
  }

  private static long key(int participant, int other, boolean adds) {
    return ((long) participant << 32 | other) << 1 | (adds ? 1 : 0);
  }

  private boolean isSwitch(int participant) {
    return participant >= gpuOfRank.length;
  }

  private int nodeOf(Fabric of, int participant) {
    return isSwitch(participant)
        ? aggregation.node(participant - gpuOfRank.length)
        : of.node(gpuOfRank[participant]);
  }

  /** The fabric with endpoints inside its switches. */
  Fabric fabric() {
    return fabric;
  }

  @Override
  public int source(Schedule schedule, int transfer) {
    return end(schedule.from(transfer), schedule.to(transfer), schedule.reduces(transfer));
  }

  @Override
  public int destination(Schedule schedule, int transfer) {
    return end(schedule.to(transfer), schedule.from(transfer), schedule.reduces(transfer));
  }

  private int end(int participant, int other, boolean adds) {
    return isSwitch(participant) ? ends.get(key(participant, other, adds)) : gpuOfRank[participant];
  }

  /** The number of an end as tables know it: that of a GPU, or of a switch. */
  int told(int end) {
    Integer at = node.get(end - endpoints);
    return at == null ? end : endpoints + at;
  }
}
