package io.gracekeeper.cli.command;

import io.gracekeeper.cli.check.WorkloadJudge;
import io.gracekeeper.cli.manifest.ManifestObject;
import io.gracekeeper.crds.ExceptionTarget;
import io.gracekeeper.crds.ShutdownExceptionSpec;
import io.gracekeeper.policy.ExceptionValidator;
import io.gracekeeper.policy.FieldError;
import io.gracekeeper.policy.Maker;
import io.gracekeeper.policy.Origin;
import io.gracekeeper.policy.Violation;
import io.gracekeeper.policy.Workload;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code except}: writes exceptions for what is violated now. */
@Command(
        name = "except",
        description = "Writes a ShutdownException: who is let off, from which rule, why, until when.",
        footer = {
            "",
            "With --rule nothing is judged and nobody is asked; without it, the rules are those that are violated now.",
            "For a pod that a workload made, the exception names that workload, and reaches all of its pods.",
            "",
            "  kubectl gracekeeper except deploy/checkout -n payments --days 14 --reason \"OPS-9 vendor image\" | kubectl apply -f -",
            "  kubectl gracekeeper except --policy policies/ k8s/billing.yaml --until 2027-03-01 --reason \"OPS-9\""
        })
final class ExceptCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final InstantSource clock;

    @Mixin
    PolicyOptions policies = new PolicyOptions();

    @Mixin
    ClusterOptions cluster = new ClusterOptions();

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why, for the people who find it.")
    String reason = "";

    @Option(names = "--days", paramLabel = "DAYS", description = "For how many days, 1 to 180.")
    @Nullable
    Integer days;

    @Option(names = "--until", paramLabel = "TIME", description = "Until when: 2027-03-01, or 2027-03-01T08:00:00Z.")
    @Nullable
    String until;

    @Option(
            names = "--rule",
            paramLabel = "RULE",
            split = ",",
            completionCandidates = RuleNames.class,
            description = "From which rules (default: those that are violated now).")
    List<String> rules = new ArrayList<>();

    @Option(
            names = "--container",
            paramLabel = "NAME",
            split = ",",
            description = "Only for these containers (default: the whole workload).")
    List<String> containers = new ArrayList<>();

    @Option(names = "--skip-injection", description = "Nothing is injected either.")
    boolean skipInjection;

    @Parameters(
            paramLabel = "TARGET",
            arity = "1..*",
            description = "A workload of the cluster as KIND/NAME, or files, folders, globs, - with manifests.")
    List<String> targets = new ArrayList<>();

    ExceptCommand(Terminal terminal) {
        this.terminal = terminal;
        this.clock = InstantSource.system();
    }

    /** Workloads that one exception can name together. */
    private record Group(String kind, String namespace, Set<String> rules) {}

    @Override
    public Integer call() {
        String expiresAt = expiry();
        Map<Group, Set<String>> groups = new LinkedHashMap<>();
        List<String> files = new ArrayList<>();
        var finder = new WorkloadFinder(terminal, policies, cluster);
        for (String target : targets) {
            WorkloadName name = WorkloadName.parse(target);
            if (name == null) {
                files.add(target);
            } else if (rules.isEmpty()) {
                violated(finder.find(name), groups);
            } else {
                add(name.kind(), namespace(), name.name(), new LinkedHashSet<>(rules), groups);
            }
        }
        var gathering = files.isEmpty() ? null : new Gathering(terminal, policies, cluster, files);
        if (gathering != null) {
            violated(gathering.workloads(), groups);
            gathering.problems().forEach(problem -> terminal.err().println(problem.display()));
        }
        groups.forEach((group, names) -> terminal.out().print(yaml(group, names, expiresAt)));
        if (groups.isEmpty()) {
            terminal.err().println("nothing is violated, so there is nothing to be let off from");
        }
        return gathering == null || gathering.problems().isEmpty() ? finder.exitCode() : ExitCodes.UNREADABLE;
    }

    private String namespace() {
        return policies.namespace == null ? "default" : policies.namespace;
    }

    private void violated(Gathering.Workloads workloads, Map<Group, Set<String>> groups) {
        WorkloadJudge judge = workloads.judge();
        for (ManifestObject object : workloads.objects()) {
            var judgement = judge.judge(object);
            Set<String> violated = new TreeSet<>();
            for (Violation violation : judge.left(object, judgement)) {
                boolean asked =
                        rules.isEmpty() || rules.contains(violation.rule().word());
                if (asked && (containers.isEmpty() || containers.contains(violation.container()))) {
                    violated.add(violation.rule().word());
                }
            }
            if (!violated.isEmpty()) {
                Workload workload = judgement.workload();
                Origin origin = judge.origin(object);
                Maker target = target(workload, origin);
                if (!origin.complete()) {
                    terminal.err()
                            .println(
                                    "note: what made " + target.kind().kind() + " " + target.name()
                                            + " is gone or may not be read: the exception names that, and ends with its next rollout");
                }
                add(target.kind().qualifiedName(), workload.namespace(), target.name(), violated, groups);
            }
        }
    }

    /** The workload above what a controller made: its name stays, and an exception for it reaches all that it makes. */
    private static Maker target(Workload workload, Origin origin) {
        return origin.isNone()
                ? new Maker(workload.kind(), workload.name())
                : origin.makers().getLast();
    }

    private static void add(
            String kind, String namespace, String name, Set<String> rules, Map<Group, Set<String>> groups) {
        groups.computeIfAbsent(new Group(kind, namespace, rules), group -> new TreeSet<>())
                .add(name);
    }

    private String expiry() {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        if ((days == null) == (until == null)) {
            throw new UserError("say until when: either --days DAYS or --until TIME");
        }
        if (days != null) {
            if (days < 1 || days > ShutdownExceptionSpec.MAX_DAYS) {
                throw new UserError("--days " + days + ": use 1 to " + ShutdownExceptionSpec.MAX_DAYS);
            }
            return now.plus(days, ChronoUnit.DAYS).toString();
        }
        Instant end = time(String.valueOf(until));
        if (!end.isAfter(now) || end.isAfter(ExceptionValidator.latest(now))) {
            throw new UserError("--until " + until + ": use a time from now to " + ExceptionValidator.latest(now));
        }
        return end.toString();
    }

    private static Instant time(String text) {
        try {
            return text.length() == 10
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw new UserError("--until " + text + " is no time: write 2027-03-01 or 2027-03-01T08:00:00Z");
        }
    }

    private String yaml(Group group, Set<String> names, String expiresAt) {
        var spec = new ShutdownExceptionSpec(
                new ExceptionTarget(group.kind(), List.copyOf(names)),
                containers.isEmpty() ? null : containers,
                List.copyOf(group.rules()),
                skipInjection,
                reason,
                expiresAt);
        List<FieldError> errors =
                ExceptionValidator.validate(spec, policies.settings().kinds(), null);
        if (!errors.isEmpty()) {
            throw new UserError(errors.getFirst().text());
        }
        StringBuilder yaml = new StringBuilder("---\napiVersion: gracekeeper.io/v1alpha1\nkind: ShutdownException\n");
        yaml.append("metadata:\n  name: ").append(name(group, names)).append('\n');
        yaml.append("  namespace: ").append(YamlText.scalar(group.namespace())).append('\n');
        yaml.append("spec:\n  target: {kind: ")
                .append(group.kind())
                .append(", names: ")
                .append(YamlText.list(names));
        yaml.append("}\n");
        if (!containers.isEmpty()) {
            yaml.append("  containers: ").append(YamlText.list(containers)).append('\n');
        }
        yaml.append("  rules: ").append(YamlText.list(group.rules())).append('\n');
        if (skipInjection) {
            yaml.append("  skipInjection: true\n");
        }
        yaml.append("  reason: ").append(YamlText.quoted(reason)).append('\n');
        yaml.append("  expiresAt: \"").append(expiresAt).append("\"\n");
        return yaml.toString();
    }

    /** Readable for one workload, and the same for the same ones: what {@code kubectl apply} updates instead of adding. */
    private static String name(Group group, Set<String> names) {
        String kind = group.kind().toLowerCase(Locale.ROOT).replaceAll("\\..*", "");
        String first = names.iterator().next();
        String name = kind + "-" + first + (names.size() > 1 ? "-and-" + (names.size() - 1) + "-more" : "");
        return name.length() <= 253 ? name : name.substring(0, 253).replaceAll("[^a-z0-9]+$", "");
    }
}
