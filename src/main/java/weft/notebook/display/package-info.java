/** Tables, charts and pictures as notebooks show them, in Weft's kernel and in those of others. */
@org.jspecify.annotations.NullMarked
package weft.notebook.display;
