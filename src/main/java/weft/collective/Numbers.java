package weft.collective;

import weft.nn.Precision;

/**
 * What a schedule does to arrays of one type.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
interface Numbers<A> {
  Numbers<float[]> FLOATS =
      new Numbers<>() {
        @Override
        public float[] zeros(int length) {
          return new float[length];
        }

        @Override
        public int length(float[] array) {
          return array.length;
        }

        @Override
        public void add(float[] from, int first, float[] to, int at, int count) {
          for (int i = 0; i < count; i++) {
            to[at + i] += from[first + i];
          }
        }

        @Override
        public double get(float[] array, int at) {
          return array[at];
        }

        @Override
        public void set(float[] array, int at, double value) {
          array[at] = (float) value;
        }

        @Override
        public float[][] arrays(int count, int length) {
          return new float[count][length];
        }

        @Override
        public void subtract(float[] from, int first, float[] of, int at, int count) {
          for (int i = 0; i < count; i++) {
            of[at + i] -= from[first + i];
          }
        }

        @Override
        public void round(Precision format, float[] array, int first, int end) {
          format.roundSent(array, first, end);
        }
      };

  Numbers<double[]> DOUBLES =
      new Numbers<>() {
        @Override
        public double[] zeros(int length) {
          return new double[length];
        }

        @Override
        public int length(double[] array) {
          return array.length;
        }

        @Override
        public void add(double[] from, int first, double[] to, int at, int count) {
          for (int i = 0; i < count; i++) {
            to[at + i] += from[first + i];
          }
        }

        @Override
        public double get(double[] array, int at) {
          return array[at];
        }

        @Override
        public void set(double[] array, int at, double value) {
          array[at] = value;
        }

        @Override
        public double[][] arrays(int count, int length) {
          return new double[count][length];
        }

        @Override
        public void subtract(double[] from, int first, double[] of, int at, int count) {
          for (int i = 0; i < count; i++) {
            of[at + i] -= from[first + i];
          }
        }

        @Override
        public void round(Precision format, double[] array, int first, int end) {
          format.roundSent(array, first, end);
        }
      };

  A zeros(int length);

  int length(A array);

  void add(A from, int first, A to, int at, int count);

  /** Takes {@code from} away from {@code of}. */
  void subtract(A from, int first, A of, int at, int count);

  void round(Precision format, A array, int first, int end);

  double get(A array, int at);

  void set(A array, int at, double value);

  A[] arrays(int count, int length);
}
