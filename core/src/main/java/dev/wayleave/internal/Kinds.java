package dev.wayleave.internal;

/** The stable names of kinds, from their {@link Kind}. */
public final class Kinds {

    private static final ClassValue<String> NAMES = new ClassValue<>() {
        @Override
        protected String computeValue(Class<?> type) {
            Kind kind = type.getAnnotation(Kind.class);
            if (kind == null) {
                throw new IllegalStateException(type.getName() + " has no stable name: annotate it with @Kind");
            }
            return kind.value();
        }
    };

    private Kinds() {}

    /** {@return the name of the kind of a value} */
    public static String of(Object value) {
        return of(value.getClass());
    }

    /** {@return the name of a kind} */
    public static String of(Class<?> type) {
        return NAMES.get(type);
    }
}
