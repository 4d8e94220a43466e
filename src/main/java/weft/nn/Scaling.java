package weft.nn;

import org.apache.commons.math3.stat.descriptive.moment.Mean;
import org.apache.commons.math3.stat.descriptive.moment.StandardDeviation;

/** Means and standard deviations of one data set's features, to be applied to it and to others. */
@SuppressWarnings("ArrayRecordComponent") // package-private and never written to
record Scaling(double[] means, double[] deviations) {
  static Scaling of(Dataset data) {
    double[] means = new double[data.features()];
    double[] deviations = new double[data.features()];
    double[] column = new double[data.size()];
    for (int f = 0; f < data.features(); f++) {
      for (int row = 0; row < column.length; row++) {
        column[row] = data.value(row, f);
      }
      means[f] = new Mean().evaluate(column);
      deviations[f] = new StandardDeviation(false).evaluate(column, means[f]);
    }
    return new Scaling(means, deviations);
  }

  /** A feature that never varies becomes 0. */
  Dataset apply(Dataset data) {
    int features = data.features();
    float[] scaled = new float[data.size() * features];
    for (int row = 0; row < data.size(); row++) {
      for (int f = 0; f < features; f++) {
        double centred = data.value(row, f) - means[f];
        scaled[row * features + f] = (float) (deviations[f] > 0 ? centred / deviations[f] : 0);
      }
    }
    return data.withValues(scaled, " Features standardised to mean 0, deviation 1.");
  }
}
