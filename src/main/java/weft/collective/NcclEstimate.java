package weft.collective;

import weft.report.Digits;
import weft.units.DataSize;
import weft.units.Time;

/**
 * What NCCL expects of a collective.
 *
 * @param size array, as nccl-tests counts it: the whole of an all-gather's result
 * @param algorithm that it chooses
 * @param protocol that it chooses
 * @param time from start to end
 * @param algorithmBandwidth size over time, GB/s
 * @param busBandwidth times the factor of nccl-tests, GB/s
 */
public record NcclEstimate(
    DataSize size,
    NcclAlgorithm algorithm,
    NcclProtocol protocol,
    Time time,
    double algorithmBandwidth,
    double busBandwidth) {
  /** For example {@code 8 GiB by Ring, Simple: 41.81 ms, algbw 205.4 GB/s, busbw 359.5 GB/s}. */
  @Override
  public String toString() {
    return "%s by %s, %s: %s, algbw %s GB/s, busbw %s GB/s"
        .formatted(
            size,
            algorithm,
            protocol,
            time,
            Digits.of(algorithmBandwidth, 4),
            Digits.of(busBandwidth, 4));
  }
}
