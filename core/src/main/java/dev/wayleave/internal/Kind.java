package dev.wayleave.internal;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The stable name of a kind of a sealed type. JSON, databases and metrics keep it: the class may be renamed, the name
 * must stay.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Kind {

    /** Lower-case words with hyphens between, for example {@code primary-moved}; unique among the kinds of its type. */
    String value();
}
