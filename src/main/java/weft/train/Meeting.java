package weft.train;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import weft.collective.Schedule;
import weft.experiment.CollectiveRun;
import weft.experiment.JobTraffic;

/**
 * Workers that exchange among each other again and again. Some may be an exchange ahead of others:
 * the first to come to one opens it.
 */
final class Meeting {
  private final int[] workerOfRank;
  private final Set<Schedule> schedules = new LinkedHashSet<>();
  private final Map<Schedule, CollectiveRun> fresh = new HashMap<>();
  private final Map<Integer, Open> open = new HashMap<>();

  /** An exchange that not all have ended. */
  static final class Open {
    private final Meeting meeting;
    private final int number;
    private final CollectiveRun run;
    private int left;

    private Open(Meeting meeting, int number, CollectiveRun run) {
      this.meeting = meeting;
      this.number = number;
      this.run = run;
      left = meeting.workerOfRank.length;
    }

    CollectiveRun run() {
      return run;
    }

    int worker(int rank) {
      return meeting.workerOfRank[rank];
    }

    /**
     * A rank has what the exchange brings it.
     *
     * @return whether all have
     */
    boolean ended() {
      left--;
      if (left == 0) {
        meeting.open.remove(number);
      }
      return left == 0;
    }
  }

  Meeting(int ranks) {
    workerOfRank = new int[ranks];
  }

  /** A worker takes part in exchanges by this schedule. */
  void add(int worker, PlanEvent.Met event) {
    workerOfRank[event.rank()] = worker;
    schedules.add(event.schedule());
  }

  /** All that is exchanged. */
  Set<Schedule> schedules() {
    return schedules;
  }

  /** Where its ranks run. */
  int[] gpus(int[] gpuOfWorker) {
    int[] gpus = new int[workerOfRank.length];
    for (int rank = 0; rank < gpus.length; rank++) {
      gpus[rank] = gpuOfWorker[workerOfRank[rank]];
    }
    return gpus;
  }

  /** Lets exchanges travel. */
  void over(JobTraffic.Communicator communicator) {
    for (Schedule schedule : schedules) {
      communicator.open(schedule);
      fresh.put(schedule, communicator.start(schedule));
    }
  }

  /** The exchange of a number, counted from 0, which all come to in the same order. */
  Open open(int number, Schedule schedule) {
    return open.computeIfAbsent(
        number, n -> new Open(this, n, Objects.requireNonNull(fresh.get(schedule)).again()));
  }
}
