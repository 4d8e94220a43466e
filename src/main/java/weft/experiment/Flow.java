package weft.experiment;

import weft.units.DataSize;
import weft.units.Time;

/**
 * One RDMA WRITE on a queue pair of its own.
 *
 * @param source GPU that writes
 * @param destination GPU written to, another one
 * @param size bytes written, at least 1
 * @param start when it is posted
 */
public record Flow(int source, int destination, DataSize size, Time start) {
  /**
   * @throws IllegalArgumentException if a GPU would write to itself or nothing would be written
   */
  public Flow {
    if (source == destination) {
      throw new IllegalArgumentException(
          "a flow joins two GPUs, but both ends are GPU " + source + ": change one of them");
    }
    if (size.bytes() < 1) {
      throw new IllegalArgumentException("a flow carries at least 1 byte, but size was " + size);
    }
  }
}
