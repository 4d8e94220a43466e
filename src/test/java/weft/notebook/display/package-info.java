/** How values look, in each kernel. */
@org.jspecify.annotations.NullMarked
package weft.notebook.display;
