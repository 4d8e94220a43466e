/** Looking up, predicting, checking. */
@org.jspecify.annotations.NullMarked
package weft.notebook.course;
