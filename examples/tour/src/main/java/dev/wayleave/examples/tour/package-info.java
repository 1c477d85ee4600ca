/**
 * How does a program use the library? The programs that the README and the pages of the documentation show.
 *
 * <p>Start with {@link dev.wayleave.examples.tour.Tour}, the first program of the README. {@code TourTest} and
 * {@code PageProgramsTest} compare the pages with the programs and with what they print.
 */
package dev.wayleave.examples.tour;
