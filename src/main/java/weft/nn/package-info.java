/**
 * Neural networks that are really computed: by hand for one sample, every number shown, or in
 * batches by many workers.
 *
 * <p>The words of a description ({@code relu()}, {@code squaredError()}, {@code he(1)}, {@code
 * sgd(0.1)}) are static methods of {@link weft.nn.Activations}, {@link weft.nn.Losses}, {@link
 * weft.nn.Initializers}, {@link weft.nn.Optimizers} and {@link weft.nn.Schedules}. All mathematics
 * beyond {@code + - x /} goes through pure Java code, so that the same seed gives the same bits on
 * every machine and JDK.
 */
@org.jspecify.annotations.NullMarked
package weft.nn;
