package dev.wayleave.testing;

import dev.wayleave.access.PacketFilter;
import dev.wayleave.access.PolicyTestFailure;
import dev.wayleave.approval.ApprovalChange;
import dev.wayleave.approval.Approver;
import dev.wayleave.approval.Verdict;
import dev.wayleave.command.Command;
import dev.wayleave.command.Problem;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.election.Loss;
import dev.wayleave.election.Outcome;
import dev.wayleave.election.Win;
import dev.wayleave.event.Reason;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.explanation.Hop;
import dev.wayleave.explanation.NearRule;
import dev.wayleave.explanation.Obstacle;
import dev.wayleave.explanation.Reachability;
import dev.wayleave.explanation.RouteExplanation;
import dev.wayleave.foresight.LossCause;
import dev.wayleave.foresight.RouteRisk;
import dev.wayleave.foresight.RouteTestFailure;
import dev.wayleave.foresight.RuleFate;
import dev.wayleave.mesh.NodeFinding;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Tag;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.TagVerdict;
import dev.wayleave.row.RouteRow;
import dev.wayleave.row.RowContradiction;
import dev.wayleave.visibility.PeerChange;
import dev.wayleave.visibility.RouteAnswer;
import dev.wayleave.visibility.RouteChange;
import dev.wayleave.visibility.Withheld;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The kinds of a sealed type: its records, each with the name that its {@code kind()} returns. */
public final class Kinds {

    /** The sealed types whose values say their kind. */
    public static final List<Class<?>> FAMILIES = List.of(
            ApprovalChange.class,
            Approver.class,
            Command.class,
            Hop.class,
            Loss.class,
            LossCause.class,
            Obstacle.class,
            NodeFinding.class,
            NearRule.Difference.class,
            Outcome.class,
            Owner.class,
            PacketFilter.Rule.class,
            PolicyTestFailure.Fault.class,
            Problem.class,
            Reachability.class,
            Reachability.Note.class,
            Reason.class,
            RouteAnswer.class,
            RouteAnswer.GivenReason.class,
            RouteEvent.class,
            RouteExplanation.Remedy.class,
            RouteRow.Status.class,
            RouteRisk.class,
            RouteTestFailure.Fault.class,
            RowContradiction.class,
            RuleFate.class,
            SubmissionResult.class,
            SubmissionResult.Remark.class,
            TagVerdict.class,
            Verdict.class,
            PeerChange.Loss.class,
            PeerChange.class,
            RouteChange.class,
            Win.class,
            Withheld.Reason.class);

    private Kinds() {}

    /**
     * Makes a value of each record of a sealed type, and asks it for its kind.
     *
     * @return the simple name of each record, with its kind
     * @throws IllegalStateException if there is a record of which no value can be made
     */
    public static SortedMap<String, String> of(Class<?> family) {
        SortedMap<String, String> kinds = new TreeMap<>();
        samples(family).forEach(sample -> kinds.put(sample.getClass().getSimpleName(), kind(family, sample)));
        return kinds;
    }

    /**
     * Makes a value of each record of a sealed type.
     *
     * @return one value of each
     * @throws IllegalStateException if there is a record of which no value can be made
     */
    public static List<Object> samples(Class<?> family) {
        SampleValues samples = new SampleValues();
        samples.put(Prefix.parse("10.0.0.0/8"));
        samples.put(IpAddress.parse("10.0.0.1"));
        samples.put(AddressSet.of(Prefix.parse("10.0.0.0/8")));
        samples.put(new Tag("tag:router"));
        return records(family)
                .distinct()
                .<Object>map(
                        type -> samples.of(type).orElseThrow(() -> new IllegalStateException("no value of " + type)))
                .toList();
    }

    private static String kind(Class<?> family, Object sample) {
        try {
            return (String) family.getMethod("kind").invoke(sample);
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(sample + " has no kind", e);
        }
    }

    private static Stream<Class<?>> records(Class<?> type) {
        return type.isSealed() ? Arrays.stream(type.getPermittedSubclasses()).flatMap(Kinds::records) : Stream.of(type);
    }
}
