/**
 * What would follow, and what is odd? The policy's own tests, and findings about a tailnet.
 *
 * <p>The doors are {@link dev.wayleave.foresight.RouteTests} and {@link dev.wayleave.foresight.Lint}. All of it is
 * pure: it reads states, and changes none.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.foresight;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
