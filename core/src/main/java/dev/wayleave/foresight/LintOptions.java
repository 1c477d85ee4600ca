package dev.wayleave.foresight;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.wayleave.internal.Copies;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The options of lint for one tailnet. */
public final class LintOptions {

    /**
     * Every code with its own severity, nothing accepted; keys that expire within 14 days, approvals that are unused
     * for 30 days, and routes that wait for 7 days.
     */
    public static final LintOptions DEFAULT = builder().build();

    private final Map<LintCode, LintSeverity> severities;
    private final ImmutableSet<LintCode> off;
    private final List<Acceptance> acceptances;
    private final Duration keyExpiresWithin;
    private final Duration approvedUnusedFor;
    private final Duration waitingFor;

    private LintOptions(Builder builder) {
        this.severities = Copies.sortedMap(builder.severities, "severities");
        this.off = Sets.immutableEnumSet(builder.off);
        this.acceptances = Copies.list(builder.acceptances, "acceptances");
        this.keyExpiresWithin = builder.keyExpiresWithin;
        this.approvedUnusedFor = builder.approvedUnusedFor;
        this.waitingFor = builder.waitingFor;
    }

    /**
     * A finding that the administrators know, and leave as it is.
     *
     * @param code what kind of finding
     * @param about its {@link LintFinding#subject}; empty for all findings of the kind
     * @param reason why it is right as it is; not blank
     */
    public record Acceptance(LintCode code, String about, String reason) {

        /**
         * Checks the reason.
         *
         * @throws IllegalArgumentException if the reason is blank
         */
        public Acceptance {
            Objects.requireNonNull(code, "code");
            Objects.requireNonNull(about, "about");
            Objects.requireNonNull(reason, "reason");
            if (reason.isBlank()) {
                throw new IllegalArgumentException("an accepted finding of `" + code.code() + "` needs a reason");
            }
        }

        boolean covers(LintFinding finding) {
            return finding.code() == code && (about.isEmpty() || about.equals(finding.subject()));
        }
    }

    /** {@return a builder that starts from the default} */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns whether a kind of finding is looked for.
     *
     * @param code the kind
     * @return false if it is switched off
     */
    public boolean isOn(LintCode code) {
        Objects.requireNonNull(code, "code");
        return !off.contains(code);
    }

    /**
     * Returns how much a kind of finding matters here.
     *
     * @param code the kind
     * @return the severity that was set, else the code's own
     */
    public LintSeverity severity(LintCode code) {
        Objects.requireNonNull(code, "code");
        return severities.getOrDefault(code, code.severity());
    }

    /** {@return the findings that are accepted} */
    public List<Acceptance> acceptances() {
        return acceptances;
    }

    /** {@return how long before its end the key of a router is reported} */
    public Duration keyExpiresWithin() {
        return keyExpiresWithin;
    }

    /** {@return how old an approval is when it is reported that its node does not advertise the route} */
    public Duration approvedUnusedFor() {
        return approvedUnusedFor;
    }

    /** {@return for how long a route is advertised when it is reported that it waits for an approval} */
    public Duration waitingFor() {
        return waitingFor;
    }

    /** Collects options; for one thread. */
    public static final class Builder {

        private final Map<LintCode, LintSeverity> severities = new EnumMap<>(LintCode.class);
        private final Set<LintCode> off = EnumSet.noneOf(LintCode.class);
        private final List<Acceptance> acceptances = new ArrayList<>();
        private Duration keyExpiresWithin = Duration.ofDays(14);
        private Duration approvedUnusedFor = Duration.ofDays(30);
        private Duration waitingFor = Duration.ofDays(7);

        private Builder() {}

        /**
         * Sets how much a kind of finding matters, and switches it on.
         *
         * @param code the kind
         * @param severity its severity
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder severity(LintCode code, LintSeverity severity) {
            severities.put(Objects.requireNonNull(code, "code"), Objects.requireNonNull(severity, "severity"));
            off.remove(code);
            return this;
        }

        /**
         * Switches a kind of finding off.
         *
         * @param code the kind
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder off(LintCode code) {
            off.add(Objects.requireNonNull(code, "code"));
            return this;
        }

        /**
         * Accepts a finding.
         *
         * @param acceptance which, and why
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder accept(Acceptance acceptance) {
            acceptances.add(Objects.requireNonNull(acceptance, "acceptance"));
            return this;
        }

        /**
         * Sets how long before its end the key of a router is reported; 14 days by default.
         *
         * @param ahead not negative
         * @return this builder
         * @throws IllegalArgumentException if it is negative
         */
        @CanIgnoreReturnValue
        public Builder keyExpiresWithin(Duration ahead) {
            this.keyExpiresWithin = notNegative(ahead, "ahead");
            return this;
        }

        /**
         * Sets how old an approval is when it is reported that its node does not advertise the route; 30 days by
         * default.
         *
         * @param age not negative
         * @return this builder
         * @throws IllegalArgumentException if it is negative
         */
        @CanIgnoreReturnValue
        public Builder approvedUnusedFor(Duration age) {
            this.approvedUnusedFor = notNegative(age, "age");
            return this;
        }

        /**
         * Sets for how long a route is advertised when it is reported that it waits for an approval; 7 days by default.
         *
         * @param age not negative
         * @return this builder
         * @throws IllegalArgumentException if it is negative
         */
        @CanIgnoreReturnValue
        public Builder waitingFor(Duration age) {
            this.waitingFor = notNegative(age, "age");
            return this;
        }

        private static Duration notNegative(Duration duration, String name) {
            if (Objects.requireNonNull(duration, name).isNegative()) {
                throw new IllegalArgumentException(name + " " + duration + " is negative");
            }
            return duration;
        }

        /** {@return the options} */
        public LintOptions build() {
            return new LintOptions(this);
        }
    }
}
