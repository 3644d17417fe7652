package io.gracekeeper.policy.rules;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracekeeper.policy.Note;
import io.gracekeeper.policy.Rule;
import io.gracekeeper.policy.Surroundings.Service;
import io.gracekeeper.policy.Surroundings.ServicePort;
import java.util.ArrayList;
import java.util.List;

/** The ports that Services send to are ports that a container declares. */
final class ServicePortsAdvice implements Advice {
    @Override
    public Rule rule() {
        return Rule.SERVICE_PORTS;
    }

    @Override
    public String rationale() {
        return "A container is known to serve by the ports that it declares. Kubernetes sends to a port by its number whether it is"
                + " declared or not, so a Service can send requests to a container that nobody asks to drain. To a port by name it"
                + " sends nothing where no container has that name.";
    }

    @Override
    public String remedy() {
        return "Declare the port on the container that listens on it.";
    }

    @Override
    public List<String> sources() {
        return List.of(
                "kubernetes.io: Service, Port definitions",
                "staging/src/k8s.io/endpointslice (a named port that no container has is left out)");
    }

    @Override
    public List<Note> advise(AdviceInput input) {
        List<Service> services = input.around()
                .servicesOf(input.workload().namespace(), input.template().labels());
        if (services == null) {
            return List.of();
        }
        List<Note> notes = new ArrayList<>();
        for (Service service : services) {
            for (ServicePort port : service.ports()) {
                if (port.protocol().equals("TCP") && !declared(input, port.target())) {
                    notes.add(note(input, service, port.target()));
                }
            }
        }
        return notes;
    }

    private Note note(AdviceInput input, Service service, String target) {
        boolean number = target.matches("[0-9]{1,5}");
        return new Note(
                rule(),
                input.template().field() + "containers",
                number
                        ? "Service \"" + service.name() + "\" sends to port " + target
                                + ", which no container declares, so none is asked to drain for it. Add ports: [{containerPort: "
                                + target + "}] to the one that listens."
                        : "Service \"" + service.name() + "\" sends to the port named \"" + target
                                + "\", which no container has: it reaches nobody. Name the port of the container that listens.");
    }

    private static boolean declared(AdviceInput input, String target) {
        for (String list : List.of("containers", "initContainers")) {
            for (JsonNode container : input.podSpec().path(list)) {
                for (JsonNode port : container.path("ports")) {
                    if (port.path("containerPort").asText().equals(target)
                            || port.path("name").asText().equals(target)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }
}
