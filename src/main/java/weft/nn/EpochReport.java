package weft.nn;

/**
 * What one epoch came to.
 *
 * @param loss mean of the samples', each as its step found it
 * @param validationLoss after the epoch; NaN without validation
 * @param validationAccuracy likewise, 0 to 1; NaN without validation or classes
 * @param rate learning rate of its last step
 * @param samplesPerSecond how fast it learned, validation left out
 */
record EpochReport(
    double loss,
    double validationLoss,
    double validationAccuracy,
    double rate,
    double samplesPerSecond) {}
