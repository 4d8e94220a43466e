package weft.experiment;

/**
 * Something that went wrong in a run's network.
 *
 * @param what what is wrong
 * @param device where: a switch, a GPU's NIC, a cable
 * @param evidence the counters that say so
 * @param remedy what to do about it
 */
public record Finding(String what, String device, String evidence, String remedy) {
  @Override
  public String toString() {
    return "%s at %s: %s; %s".formatted(what, device, evidence, remedy);
  }
}
