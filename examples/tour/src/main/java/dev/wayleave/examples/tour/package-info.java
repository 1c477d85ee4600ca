/** The program of the README. */
package dev.wayleave.examples.tour;
