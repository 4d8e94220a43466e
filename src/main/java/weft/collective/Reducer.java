package weft.collective;

import org.jspecify.annotations.Nullable;
import weft.nn.Precision;

/** What makes the sum of a bucket out of all ranks' gradients. */
sealed interface Reducer permits SumReducer, TopKReducer, OneBitReducer {
  /** The exchange of one bucket. */
  BucketExchange plan(int ranks, int elements, Precision stored);

  /** The same with the numbers sent in this format. */
  Reducer in(Precision format);

  /** What the numbers are sent in; null for the gradient's own precision. */
  @Nullable Precision format();

  /** As provenance tells. */
  String name();
}
