package weft.verbs;

import java.util.OptionalInt;
import weft.units.Time;

/**
 * The end of a work request: {@code struct ibv_wc}.
 *
 * @param at when
 * @param id of the work request
 * @param queuePair the queue pair's number
 * @param operation what it was
 * @param status how it ended
 * @param bytes received; of a send what was asked for; 0 after an error
 * @param immediate the immediate data of a receive, if some came
 * @param reason what the device found, in a sentence; adapters keep it to themselves
 */
public record WorkCompletion(
    Time at,
    long id,
    int queuePair,
    Operation operation,
    Status status,
    int bytes,
    OptionalInt immediate,
    String reason) {
  /** Whether it did what it should. */
  public boolean ok() {
    return status == Status.SUCCESS;
  }

  @Override
  public String toString() {
    return "%s of request %d: %s (%d)%s"
        .formatted(operation, id, status, status.code(), reason.isEmpty() ? "" : ", " + reason);
  }
}
