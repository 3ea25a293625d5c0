package io.fairlead.kube.watch;

import static io.fairlead.kube.fixture.ServiceBuilder.aService;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.model.ForwardingMethod;
import io.fairlead.core.net.IpAddress;
import io.fairlead.kube.address.AddressAssignment;
import io.fairlead.kube.address.AddressAssignment.Assigned;
import io.fairlead.kube.address.AddressAssignment.Refused;
import io.fairlead.kube.mapping.MappedService;
import io.fairlead.kube.model.Service;
import io.fairlead.kube.watch.StatusStep.Writes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The number in a name is that of the case. */
class StatusStepTest {

    private static final IpAddress ADDRESS = IpAddress.parse("203.0.113.1");
    private static final AddressAssignment ASSIGNED = new Assigned(List.of(ADDRESS), "public");

    private static Writes writes(Service service, AddressAssignment assignment) {
        return StatusStep.of(
                service,
                Optional.of(new MappedService(service, assignment, List.of(), List.of())),
                ForwardingMethod.MASQUERADE,
                ADDRESS::equals);
    }

    private static Writes writesOfAnothers(Service service) {
        return StatusStep.of(service, Optional.empty(), ForwardingMethod.MASQUERADE, ADDRESS::equals);
    }

    @Test
    void case90HoldsANewServiceAndTellsItsAddress() {
        Writes writes = writes(aService().finalizer("someone.else").build(), ASSIGNED);

        assertThat(writes.finalizers()).contains(List.of("someone.else", StatusStep.FINALIZER));
        assertThat(writes.ingress()).contains(List.of(new Service.Ingress("203.0.113.1", "Proxy")));
    }

    @Test
    void case91LeavesTheFinalizerThatIsThere() {
        assertThat(writes(aService().finalizer(StatusStep.FINALIZER).build(), ASSIGNED)
                        .finalizers())
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Service.Type.class,
            names = {"CLUSTER_IP", "NODE_PORT"})
    void case92And111LetsGoOfWhatIsNotALoadBalancerAnyMore(Service.Type type) {
        Writes writes = writesOfAnothers(aService()
                .type(type)
                .finalizer(StatusStep.FINALIZER)
                .at("203.0.113.1")
                .build());

        assertThat(writes.finalizers()).contains(List.of());
        assertThat(writes.ingress()).contains(List.of());
    }

    @Test
    void case98TriesAgainAfter5SecondsTo5MinutesOrWhenItIsAskedTo() {
        assertThat(IntStream.range(0, 9)
                        .mapToObj(failures -> StatusStep.retryPause(failures, Optional.empty())
                                .toSeconds()))
                .containsExactly(5L, 10L, 20L, 40L, 80L, 160L, 300L, 300L, 300L);
        assertThat(StatusStep.retryPause(0, Optional.of(Duration.ofSeconds(30))))
                .hasSeconds(30);
        assertThat(StatusStep.retryPause(5, Optional.of(Duration.ofSeconds(30))))
                .as("no sooner for being asked")
                .hasSeconds(160);
    }

    @Test
    void case93LetsGoOfWhatIsBeingDeleted() {
        Writes writes = writesOfAnothers(aService()
                .deleting()
                .finalizer(StatusStep.FINALIZER)
                .at("203.0.113.1")
                .build());

        assertThat(writes.finalizers()).contains(List.of());
        assertThat(writes.ingress()).isEmpty();
    }

    @Test
    void case94NeverTouchesAnothersService() {
        assertThat(writesOfAnothers(aService().at("203.0.113.1").build()).isNothing())
                .isTrue();
    }

    @Test
    void case95WritesNothingThatIsThereAlready() {
        Service service = new Service(
                aService().finalizer(StatusStep.FINALIZER).build().metadata(),
                aService().build().spec(),
                List.of(new Service.Ingress("203.0.113.1", "Proxy")));

        assertThat(writes(service, ASSIGNED).isNothing()).isTrue();
    }

    @Test
    void tellsVipWherePacketsKeepTheAddressWhichIsTheDefaultOfTheApi() {
        Service service =
                aService().finalizer(StatusStep.FINALIZER).at("203.0.113.1").build();

        Writes writes = StatusStep.of(
                service,
                Optional.of(new MappedService(service, ASSIGNED, List.of(), List.of())),
                ForwardingMethod.DIRECT_ROUTE,
                ADDRESS::equals);

        assertThat(writes.isNothing()).isTrue();
    }

    @Test
    void case107TakesBackAnAddressThatIsRefusedNow() {
        Writes writes = writes(aService().at("203.0.113.1").build(), new Refused("in no pool"));

        assertThat(writes.ingress()).contains(List.of());
        assertThat(writes(aService().at("198.51.100.7").build(), new Refused("in no pool"))
                        .isNothing())
                .isTrue();
    }
}
