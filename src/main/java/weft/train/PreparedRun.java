package weft.train;

/** A training that was checked and has not begun. */
interface PreparedRun {
  /** Trains. */
  History run();
}
