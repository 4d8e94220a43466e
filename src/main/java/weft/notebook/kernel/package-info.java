/**
 * A Jupyter kernel for Java: cells evaluated by JShell, on Spencer Park's basekernel.
 *
 * <p>{@code Connection} and its channels carry messages, {@code Cells} answers {@code
 * execute_request}, {@code JavaShell} evaluates, {@code CellExecution} runs and stops, {@code
 * Failures} words what went wrong.
 */
@org.jspecify.annotations.NullMarked
package weft.notebook.kernel;
