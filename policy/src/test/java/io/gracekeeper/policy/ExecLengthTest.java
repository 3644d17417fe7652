package io.gracekeeper.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The length of an exec hook")
class ExecLengthTest {
    @ParameterizedTest(name = "[{0}] is {1}..{2}")
    @CsvSource(
            delimiter = ';',
            value = {
                "sh|-c|sleep 5  ; 5; 5",
                "sleep|30; 30; 30",
                "/bin/sleep|30; 30; 30",
                "/usr/bin/sleep|1m; 60; 60",
                "sleep|1.5; 1; 2",
                "sleep|1|2; 3; 3",
                "busybox|sleep|4; 4; 4",
                "sh|-c|sleep 15; 15; 15",
                "/bin/bash|-c|exec sleep 15; 15; 15",
                "sh|-c|/bin/sleep 2h; 7200; 7200",
                "sleep|99999999d; 1000000000; 1000000000",
            })
    void known(String command, long lower, long upper) {
        assertThat(ExecLength.of(List.of(command.split("\\|")))).isEqualTo(new HookLength.Known(lower, upper));
    }

    @ParameterizedTest(name = "[{0}] can''t be known")
    @CsvSource(
            delimiter = ';',
            value = {
                "sleep",
                "sleep|$N",
                "sleep|infinity",
                "sleep|-1",
                "/drain.sh",
                "nginx|-s|quit",
                "sh|-c|sleep $N",
                "sh|-c|sleep 5 && nginx -s quit",
                "sh|-c|while true",
                "sh|-c|sleep 5 & exit",
                "sh|-x|-c|sleep 5",
                "sh|-c|",
                "sh|-c|echo 5",
                "python|-c|sleep 5",
            })
    void unknown(String command) {
        assertThat(ExecLength.of(List.of(command.split("\\|", -1)))).isEqualTo(new HookLength.Unknown());
    }
}
