package io.gracekeeper.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The key manager")
class ReloadingKeyManagerTest {
    private final TestCertificates authority = new TestCertificates();
    private final ReloadingKeyManager keys = new ReloadingKeyManager();

    @Test
    @DisplayName("has nothing to offer before the first pair")
    void empty() {
        assertThat(keys.current()).isNull();
        assertThat(keys.chooseEngineServerAlias("EC", null, null)).isNull();
        assertThat(keys.getServerAliases("EC", null)).isNull();
        assertThat(keys.getCertificateChain("serving-0")).isNull();
        assertThat(keys.getPrivateKey("serving-0")).isNull();
    }

    @Test
    @DisplayName("gives a handshake that began before a change the whole old pair, and the next one the new")
    void noMixture() {
        var first = authority.serving().parsed();
        var second = authority.serving().parsed();
        keys.use(first);
        String alias = keys.chooseServerAlias("EC", null, null);
        keys.use(second);

        assertThat(alias).isNotNull();
        assertThat(keys.getPrivateKey(alias)).isEqualTo(first.key());
        assertThat(keys.getCertificateChain(alias)).containsExactly(first.certificate());
        String next = keys.chooseServerAlias("EC", null, null);
        assertThat(next).isNotNull().isNotEqualTo(alias);
        assertThat(keys.getPrivateKey(next)).isEqualTo(second.key());
    }

    @Test
    @DisplayName("offers a pair only for its own kind of key, and never acts as a client")
    void onlyItsKind() {
        keys.use(authority.serving("RSA", Duration.ofDays(1)).parsed());

        assertThat(keys.chooseServerAlias("EC", null, null)).isNull();
        assertThat(keys.chooseServerAlias("RSA", null, null)).isNotNull();
        assertThat(keys.chooseClientAlias(new String[] {"RSA"}, null, null)).isNull();
        assertThat(keys.getClientAliases("RSA", null)).isNull();
    }
}
