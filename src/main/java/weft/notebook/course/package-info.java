/** What the course's notebooks ask of a reader: terms to look up, guesses, exercises. */
@org.jspecify.annotations.NullMarked
package weft.notebook.course;
