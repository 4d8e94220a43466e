/**
 * How a network's numbers are computed: the layers at work on flat arrays, the BLAS under them, and
 * the threads that share the work. Internal: {@code weft.nn} is what cells use.
 *
 * <p>Classes named {@code Float...} are written by hand; the build makes their {@code Double...}
 * twins from them by replacing the type, so that both precisions run the same text.
 */
@NullMarked
package weft.nn.compute;

import org.jspecify.annotations.NullMarked;
