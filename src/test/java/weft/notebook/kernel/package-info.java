/** The kernel as a notebook server meets it: a process and five sockets. */
@org.jspecify.annotations.NullMarked
package weft.notebook.kernel;
