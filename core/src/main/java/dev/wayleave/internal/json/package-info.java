/** JSON that this library writes and reads back. */
@NullMarked
package dev.wayleave.internal.json;

import org.jspecify.annotations.NullMarked;
