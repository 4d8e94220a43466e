package weft.experiment;

import weft.collective.Schedule;

/** Where transfers of a schedule leave and arrive: numbers of a network's endpoints. */
interface Ends {
  /** For schedules whose ranks are GPUs. */
  Ends GPUS =
      new Ends() {
        @Override
        public int source(Schedule schedule, int transfer) {
          return schedule.from(transfer);
        }

        @Override
        public int destination(Schedule schedule, int transfer) {
          return schedule.to(transfer);
        }
      };

  /** For schedules whose ranks run on these GPUs. */
  static Ends of(int[] gpuOfRank) {
    int[] gpus = gpuOfRank.clone();
    return new Ends() {
      @Override
      public int source(Schedule schedule, int transfer) {
        return gpus[schedule.from(transfer)];
      }

      @Override
      public int destination(Schedule schedule, int transfer) {
        return gpus[schedule.to(transfer)];
      }
    };
  }

  int source(Schedule schedule, int transfer);

  int destination(Schedule schedule, int transfer);
}
