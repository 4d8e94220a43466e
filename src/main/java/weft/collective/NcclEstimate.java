package weft.collective;

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
    double busBandwidth) {}
