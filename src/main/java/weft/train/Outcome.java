package weft.train;

import weft.nn.Network;

/**
 * What the numbers of a training came to.
 *
 * @param losses mean loss of each step's global batch, before its update
 * @param accuracies share of the test set classified rightly after each epoch, in [0, 1]
 * @param network the trained network
 */
@SuppressWarnings("ArrayRecordComponent") // inside this package, never compared
record Outcome(double[] losses, double[] accuracies, Network network) {}
