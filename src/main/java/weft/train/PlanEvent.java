package weft.train;

import weft.collective.Schedule;
import weft.nn.compute.Exchange;
import weft.nn.compute.Phase;

/** What one GPU of a plan did next. */
sealed interface PlanEvent {
  /**
   * It computed a layer.
   *
   * @param chunk of its parts
   * @param layer of the part, from 0
   * @param rows samples that went through it
   */
  record Worked(int chunk, int layer, Phase phase, int rows) implements PlanEvent {}

  /** It updated the parameters of a part. */
  record Updated(int chunk) implements PlanEvent {}

  /**
   * It took part in a collective, sent or received.
   *
   * @param among the same object for all who take part
   * @param rank its own there
   * @param schedule who sends whom how many numbers; the same object for all who take part
   */
  record Met(Object among, int rank, Exchange what, Schedule schedule) implements PlanEvent {}
}
