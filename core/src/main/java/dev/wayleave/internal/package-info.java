/** What several packages share and no host sees. */
@NullMarked
package dev.wayleave.internal;

import org.jspecify.annotations.NullMarked;
