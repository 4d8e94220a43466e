/**
 * Neural networks that are really computed: by hand for one sample, every number shown, or in
 * batches by many workers.
 *
 * <p>The words of a description ({@code relu()}, {@code squaredError()}, {@code he(1)}, {@code
 * sgd(0.1)}) are static methods of {@link weft.nn.Activations}, {@link weft.nn.Losses}, {@link
 * weft.nn.Initializers}, {@link weft.nn.Optimizers} and {@link weft.nn.Schedules}. All mathematics
 * beyond {@code + - x /} goes through pure Java code, so that the same seed gives the same bits on
 * every machine and JDK.
 *
 * <h2>Precisions and checkpoints</h2>
 *
 * <p>{@code FloatEngine} rounds between layers ({@code FloatRounder}), so no layer knows of
 * bfloat16, float16 or float8 and float32 pays nothing: outputs of all layers but the last,
 * gradients of all outputs, and a working copy of the weights; master weights, their gradients and
 * the optimiser's memory stay float32. float16 has GradScaler's loss scale; float8 scales each
 * weight tensor and each gradient by a power of two from its present numbers, because five bits of
 * exponent do not hold all layers' gradients at one scale. On the wire a transfer is rounded in its
 * sender's array: the owner of a chunk keeps what it sends to all, and rounding twice changes
 * nothing, so all ranks end with the same bits.
 *
 * <p>A checkpoint is a safetensors file with two checksums (tensors, header), written beside and
 * moved into place. Sizes are checked against the file before memory is taken for them. What
 * differs from the network or the optimiser that go on from it is refused, because going on with
 * the same bits is what it promises; parameters alone move freely.
 *
 * <h2>Learning on one machine</h2>
 *
 * <p>{@code net.train(optimizer).on(data)} is an immutable {@code BatchTraining}; {@code run()}
 * makes a {@code TrainingLoop} on one {@code Replica}, the same that each worker of a {@code
 * Training} has, so that one worker and one machine learn the same bits. What a run hands on is a
 * {@code TrainingState}: parameters, the optimiser's memory, where in which epoch it stands. {@code
 * more(epochs)}, {@code resumed()} after an interruption, and an uninterrupted run come to the same
 * bits, because the order of the rows is drawn again from the seed. Whatever should outlive the
 * process has to store that state and nothing else.
 *
 * <p>Long runs tell how far they are through {@code Progress}: its clock is read some fifty times a
 * second however short the steps, {@code Progress.Screen} services show it (a cell's display that
 * is replaced and then emptied, a terminal's line), and where there is neither, nothing is shown.
 *
 * <h2>Nothing hidden</h2>
 *
 * <p>{@code Explanation} walks over a {@code Trace}, every number of one sample's pass in double
 * precision, and asks each layer, the loss and the optimiser for its {@code Equation}s ({@code
 * LayerExplanation}, {@code OptimizerExplanation}: pure functions of shapes and arrays). An
 * equation's terms are written in a {@code Notation}: {@code PlainText}, {@code Latex}, and in
 * tests one that calculates, which holds each side of each line against a slow reference. A new
 * layer must bring its {@code Layer.explanation()}, residual blocks write out the layers inside.
 * What LaTeX they make, KaTeX must read ({@code binder/typeset.py}).
 */
@org.jspecify.annotations.NullMarked
package weft.nn;
