/**
 * How a network's numbers are computed: the layers at work on flat arrays, the BLAS under them, and
 * the threads that share the work. Internal: {@code weft.nn} is what cells use.
 *
 * <p>A {@code Layer} in {@code weft.nn} is an immutable description; an {@code Engine} makes of
 * each a {@code FloatStage} in {@code weft.nn.compute}, with its buffers, once: no step allocates.
 * Stages are written once, in single precision; the build replaces the type to make their {@code
 * Double...} twins (antrun in the {@code pom.xml}), so float64 runs the same text and is what
 * gradient checks and the comparison with PyTorch ({@code PyTorchTest}, 1e-12) exercise.
 *
 * <p>Matrix products go to OpenBLAS (from bytedeco's jar, on one thread) through netlib, which
 * passes Java's own arrays with offsets and does not copy; where it does not load, to netlib's pure
 * Java. Measured on one AMD Zen 3 core at 1024 x 256 x 784: 88 GFLOP/s so, 84 through bytedeco's
 * own array calls, 5 in pure Java; with other CPUs' kernels other figures, so {@code provenance()}
 * names the kernel. A {@code Team} of threads shares the pieces of one layer's work; how it is cut
 * depends on shapes alone ({@code Tiles}), few pieces, because each packs the other operand again.
 *
 * <p>A thread of a {@code Team} begins with the rows that are in its cache. C2 vectorises a loop
 * only if its arrays are indexed alike (0.08 ns a number, else 0.3 to 0.5), which shapes many
 * loops.
 */
@NullMarked
package weft.nn.compute;

import org.jspecify.annotations.NullMarked;
