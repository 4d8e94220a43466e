package weft.verbs;

import weft.units.Time;

/**
 * How long "receiver not ready" asks to wait, by its five bits (InfiniBand Architecture volume 1,
 * table 45; also {@code ibv_modify_qp(3)}): 0 is the longest wait, not the shortest.
 */
final class RnrTimer {
  private static final int[] TENS_OF_MICROSECONDS = {
    65_536, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1_024,
    1_536, 2_048, 3_072, 4_096, 6_144, 8_192, 12_288, 16_384, 24_576, 32_768, 49_152
  };

  private RnrTimer() {}

  /** The wait of a code from 0 to 31. */
  static Time of(int code) {
    return new Time(TENS_OF_MICROSECONDS[code] * 10_000_000L);
  }
}
