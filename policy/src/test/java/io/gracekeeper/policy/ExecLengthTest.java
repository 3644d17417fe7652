package io.gracekeeper.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The length of an exec hook")
class ExecLengthTest {
    private static HookLength of(String words) {
        return ExecLength.of(List.of(words.split("¦", -1)));
    }

    @ParameterizedTest(name = "[{0}] is {1}..{2}")
    @CsvSource(
            delimiter = '@',
            quoteCharacter = '¬',
            value = {
                // sleep itself
                "sleep¦30 @ 30 @ 30",
                "/bin/sleep¦30 @ 30 @ 30",
                "/usr/bin/sleep¦1m @ 60 @ 60",
                "sleep¦1.5 @ 1 @ 2",
                "sleep¦.5 @ 0 @ 1",
                "sleep¦1¦2 @ 3 @ 3",
                "sleep¦1m¦30s @ 90 @ 90",
                "sleep¦0 @ 0 @ 0",
                "sleep¦99999999d @ 1000000000 @ 1000000000",
                "usleep¦1500000 @ 1 @ 2",
                // programs that hand over to another one
                "busybox¦sleep¦4 @ 4 @ 4",
                "env¦sleep¦5 @ 5 @ 5",
                "env¦-i¦A=b¦-u¦HOME¦sleep¦5 @ 5 @ 5",
                "nice¦-n¦10¦sleep¦5 @ 5 @ 5",
                "nohup¦sleep¦5 @ 5 @ 5",
                "/usr/bin/env¦sh¦-c¦sleep 5 @ 5 @ 5",
                "tini¦--¦sleep¦5 @ 5 @ 5",
                // shells
                "sh¦-c¦sleep 15 @ 15 @ 15",
                "/bin/bash¦-c¦exec sleep 15 @ 15 @ 15",
                "sh¦-c¦/bin/sleep 2h @ 7200 @ 7200",
                "sh¦-x¦-c¦sleep 5 @ 5 @ 5",
                "bash¦-ec¦sleep 5 @ 5 @ 5",
                "bash¦-euo¦pipefail¦-c¦sleep 5 @ 5 @ 5",
                "sh¦-c¦sleep 5;  @ 5 @ 5",
                "sh¦-c¦sleep 5; sleep 6 @ 11 @ 11",
                "sh¦-c¦sleep '5' \"6\" @ 11 @ 11",
                "sh¦-c¦sleep 5 # until they forget us @ 5 @ 5",
                "sh¦-c¦A=1 B=$X sleep 5 @ 5 @ 5",
                "sh¦-c¦sleep 5 > /dev/null 2>&1 @ 5 @ 5",
                "sh¦-c¦echo draining > /proc/1/fd/1; sleep 5 @ 5 @ 5",
                "sh¦-c¦echo \"$(date) draining\" && sleep 5 @ 5 @ 5",
                "sh¦-c¦ @ 0 @ 0",
                "sh¦-c¦: @ 0 @ 0",
                "sh¦-c¦true && sleep 5 @ 5 @ 5",
                "sh¦-c¦false && sleep 5 @ 0 @ 0",
                "sh¦-c¦false || sleep 5 @ 5 @ 5",
                "sh¦-c¦sleep 5 || true @ 5 @ 5",
                "sh¦-c¦! true || sleep 5 @ 5 @ 5",
                "sh¦-c¦(sleep 5) @ 5 @ 5",
                "sh¦-c¦{ sleep 5; sleep 1; } @ 6 @ 6",
                "sh¦-c¦sleep 5 | cat /etc/hostname @ 5 @ 5",
                "sh¦-c¦set -e; sleep 5; true; sleep 5 @ 10 @ 10",
                "sh¦-c¦trap '' TERM; sleep 5 @ 5 @ 5",
                "sh¦-c¦trap 'sleep 3' EXIT; sleep 5 @ 5 @ 8",
                "sh¦-c¦if true; then sleep 5; else sleep 9; fi @ 5 @ 5",
                "sh¦-c¦command sleep 5 @ 5 @ 5",
                "sh¦-c¦eval 'sleep 5' @ 5 @ 5",
                "sh¦-c¦sh -c \"sleep 5\" @ 5 @ 5",
                "sh¦-c¦exit 0; sleep 5 @ 0 @ 0",
                "sh¦-c¦sleep 5; exit 0; ./x @ 5 @ 5",
                "sh¦-c¦exec sleep 5; ./x @ 5 @ 5",
                // the server is told to stop: what comes after is no drain delay
                "sh¦-c¦sleep 5 && nginx -s quit @ 5 @ 5",
                "sh¦-c¦sleep 5; kill -QUIT 1 @ 5 @ 5",
                "sh¦-c¦nginx -s quit; sleep 10 @ 0 @ 10",
                "sh¦-c¦sleep 3; kill -TERM 1; sleep 10 @ 3 @ 13",
                "sh¦-c¦kill -HUP 1; sleep 10 @ 10 @ 10",
                "sh¦-c¦nginx -s reload; sleep 10 @ 10 @ 10",
                "sh¦-c¦kill -QUIT $(cat /run/nginx.pid) @ 0 @ 0",
                "nginx¦-s¦quit @ 0 @ 0",
                "/usr/sbin/nginx¦-c¦/etc/n.conf¦-s¦quit @ 0 @ 0",
                "apachectl¦-k¦graceful-stop @ 0 @ 0",
                "kill¦-TERM¦1 @ 0 @ 0",
                "touch¦/tmp/draining @ 0 @ 0",
                // what may fail, or be skipped
                "sh¦-c¦touch /tmp/draining && sleep 10 @ 0 @ 10",
                "sh¦-c¦touch /tmp/draining; sleep 10 @ 10 @ 10",
                "sh¦-c¦set -e; touch /tmp/draining; sleep 10 @ 0 @ 10",
                "sh¦-ec¦touch /tmp/draining; sleep 10 @ 0 @ 10",
                "sh¦-c¦sleep 10 > /var/log/drain.log @ 0 @ 10",
                "sh¦-c¦[ -f /tmp/x ] && exit 0; sleep 10 @ 0 @ 10",
                "sh¦-c¦if [ -f /tmp/x ]; then sleep 5; fi @ 0 @ 5",
                "sh¦-c¦if [ -f /a ]; then sleep 5; elif [ -f /b ]; then sleep 3; else sleep 9; fi @ 3 @ 9",
                "sh¦-c¦[[ -f /a || -f /b ]] || sleep 5 @ 0 @ 5",
                // the background: nobody may count on it, but the runtime waits for who holds the output
                "sh¦-c¦sleep 5 & @ 0 @ 5",
                "sh¦-c¦sleep 5 & sleep 2 @ 2 @ 5",
                "sh¦-c¦sleep 5 & wait @ 5 @ 5",
                "sh¦-c¦sleep 5 > /dev/null 2>&1 & @ 0 @ 0",
                "sh¦-c¦nginx -s quit & sleep 5 @ 0 @ 5",
                // timeout
                "timeout¦10¦sleep¦5 @ 5 @ 5",
                "timeout¦5¦sleep¦10 @ 5 @ 5",
                "timeout¦10¦/drain.sh @ 0 @ 10",
                "timeout¦-k¦5¦10¦/drain.sh @ 0 @ 15",
                "timeout¦--signal=INT¦--kill-after=5¦1m¦/drain.sh @ 0 @ 65",
                "timeout¦-t¦10¦/drain.sh @ 0 @ 10",
                "timeout¦0¦sleep¦5 @ 5 @ 5",
                "sh¦-c¦sleep 5; timeout 10 /drain.sh || true @ 5 @ 15",
                "sh¦-c¦timeout 10 /drain.sh && sleep 5 @ 0 @ 15",
                "sh¦-c¦timeout $T sleep 5 @ 0 @ 5",
                "curl¦-m¦5¦-X¦POST¦http://localhost:8080/drain @ 0 @ 5",
                // Windows
                "powershell¦-Command¦Start-Sleep -s 10 @ 10 @ 10",
                "powershell.exe¦Start-Sleep¦-Seconds¦10 @ 10 @ 10",
                "pwsh¦-NoProfile¦-c¦Start-Sleep -Milliseconds 2500 @ 2 @ 3",
                "powershell¦-ExecutionPolicy¦Bypass¦-Command¦Write-Host bye; Start-Sleep 5 @ 5 @ 5",
                "C:\\Windows\\System32\\cmd.exe¦/c¦ping -n 11 127.0.0.1 > nul @ 10 @ 11",
                "cmd¦/c¦timeout /t 10 @ 0 @ 10",
                "cmd¦/S¦/C¦timeout /t 10 /nobreak > nul @ 0 @ 10",
            })
    void known(String command, long lower, long upper) {
        assertThat(of(command)).isEqualTo(new HookLength.Known(lower, upper));
    }

    @ParameterizedTest(name = "[{0}] is at least {1}, and nobody knows more")
    @CsvSource(
            delimiter = '@',
            quoteCharacter = '¬',
            value = {
                "sleep @ 0",
                "sleep¦$N @ 0",
                "sleep¦infinity @ 0",
                "sleep¦-1 @ 0",
                "/drain.sh @ 0",
                "python¦-c¦sleep 5 @ 0",
                "nginx @ 0",
                "rm¦-rf¦/data @ 0",
                "bash¦/drain.sh @ 0",
                "sh @ 0",
                "curl¦http://localhost:8080/drain @ 0",
                "curl¦-m¦5¦--retry¦3¦http://localhost:8080/drain @ 0",
                "wget¦-T¦5¦http://localhost:8080/drain @ 0",
                "sh¦-c¦sleep $N @ 0",
                "sh¦-c¦sleep ${N:-5} @ 0",
                "sh¦-c¦sleep $((2*5)) @ 0",
                "sh¦-c¦sleep `cat /n` @ 0",
                "sh¦-c¦echo $(/drain.sh); sleep 5 @ 5",
                "sh¦-c¦while true @ 0",
                "sh¦-c¦sleep 5; while pgrep app; do sleep 1; done @ 5",
                "sh¦-c¦for i in 1 2 3; do sleep 1; done @ 0",
                "sh¦-c¦case $X in a) sleep 5;; esac @ 0",
                "sh¦-c¦f() { sleep 5; }; f @ 0",
                "sh¦-c¦sleep 5 && ./drain.sh @ 5",
                "sh¦-c¦sleep 5; ./drain.sh; sleep 5 @ 10",
                "sh¦-c¦./drain.sh && sleep 5 @ 0",
                "sh¦-c¦/drain.sh || true @ 0",
                "sh¦-c¦/drain.sh & @ 0",
                "sh¦-c¦sleep 5; . /drain.sh @ 5",
                "sh¦-c¦sleep 5; cat << EOF @ 0",
                "sh¦-c¦sleep 5; echo 'open @ 0",
                "sh¦-c¦sleep 5) @ 0",
                "sh¦-c¦if sleep 5; then while :; do :; done; fi @ 5",
                "timeout¦$T¦/drain.sh @ 0",
                "sh¦-c¦yes | head -1 @ 0",
                "powershell¦-File¦drain.ps1 @ 0",
                "cmd¦/c¦drain.bat @ 0",
            })
    void unknown(String command, long lower) {
        assertThat(of(command)).isEqualTo(new HookLength.Unknown(lower));
    }

    @Property(tries = 5000)
    @Label("nothing that stands in a hook makes it throw, and an interval is one")
    void neverThrows(@ForAll("scripts") String script) {
        assertThat(ExecLength.of(List.of("sh", "-c", script)))
                .satisfies(length -> assertThat(length.lowerSeconds()).isNotNegative());
        if (ExecLength.of(List.of("sh", "-c", script)) instanceof HookLength.Known(long lower, long upper)) {
            assertThat(lower).isLessThanOrEqualTo(upper);
        }
        List<String> argv = new ArrayList<>(List.of(script.split(" ", -1)));
        assertThat(ExecLength.of(argv).lowerSeconds()).isNotNegative();
        argv.add(0, "cmd");
        assertThat(ExecLength.of(argv).lowerSeconds()).isNotNegative();
    }

    @Property(tries = 1000)
    @Label("what is added after a script never shortens it, unless it is not a script any more")
    void longerIsNotShorter(@ForAll("scripts") String script) {
        if (ExecLength.of(List.of("sh", "-c", script)) instanceof HookLength.Known(long lower, long upper)
                && ExecLength.of(List.of("sh", "-c", script + "\nsleep 7"))
                        instanceof HookLength.Known(long longerLower, long longerUpper)) {
            assertThat(longerLower).isGreaterThanOrEqualTo(lower);
            assertThat(longerUpper).isGreaterThanOrEqualTo(upper);
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "(",
        "$(",
        "if :; then ",
        "! ",
        "{ ",
        "a && ",
        "sh -c ",
        "timeout 5 ",
        "elif ",
        "if a; then b; elif c; then ",
        "'",
        "\"$("
    })
    @DisplayName("nesting without end is read in bounded time and depth")
    void deepNesting(String opening) {
        for (int times : new int[] {10, 1000, 100_000}) {
            assertThat(ExecLength.of(List.of("sh", "-c", opening.repeat(times))))
                    .isNotNull();
        }
    }

    @Provide
    Arbitrary<String> scripts() {
        Arbitrary<String> pieces = Arbitraries.of(
                "sleep 5",
                "sleep",
                "5",
                ";",
                "&&",
                "||",
                "&",
                "|",
                "\n",
                "(",
                ")",
                "{",
                "}",
                "if",
                "then",
                "else",
                "fi",
                "elif",
                "!",
                "$X",
                "$(",
                "`",
                "'",
                "\"",
                "#",
                "\\",
                ">",
                "2>&1",
                "<",
                "<<",
                "/dev/null",
                "kill -9 1",
                "exit",
                "exec",
                "wait",
                "set -e",
                "trap 'sleep 1' EXIT",
                "timeout 3",
                "env",
                "sh -c",
                "touch /x",
                "[[",
                "]]",
                "A=b",
                "while",
                "do",
                "done",
                "nginx -s quit",
                "false",
                "true",
                "ß",
                "\u0000",
                "${",
                "$((",
                "-n",
                "/c");
        return pieces.list().ofMaxSize(14).map(words -> String.join(" ", words));
    }
}
