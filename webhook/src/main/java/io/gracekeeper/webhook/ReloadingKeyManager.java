package io.gracekeeper.webhook;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Gives each new handshake the pair of that moment. Open connections keep what they have. One handshake asks several times, and
 * must not get the key of one pair and the certificate of another: so the pair is the alias.
 */
final class ReloadingKeyManager extends X509ExtendedKeyManager {
    private static final String ALIAS = "serving-";

    /** The current pair and the one before it, which a handshake that is under way may still ask for. */
    private record Generation(
            int number, CertifiedKey pair, @Nullable CertifiedKey previous) {}

    private volatile @Nullable Generation generation;

    /** Uses another pair from now on. */
    synchronized void use(CertifiedKey pair) {
        Generation before = generation;
        generation = before == null
                ? new Generation(0, pair, null)
                : new Generation(before.number() + 1, pair, before.pair());
    }

    /** The pair of this moment; null before the first. */
    @Nullable
    CertifiedKey current() {
        Generation now = generation;
        return now == null ? null : now.pair();
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        Generation now = generation;
        return now != null && keyType.equals(now.pair().key().getAlgorithm()) ? ALIAS + now.number() : null;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return chooseEngineServerAlias(keyType, issuers, null);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        CertifiedKey pair = pair(alias);
        return pair == null ? null : pair.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        CertifiedKey pair = pair(alias);
        return pair == null ? null : pair.key();
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        String alias = chooseEngineServerAlias(keyType, issuers, null);
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    private @Nullable CertifiedKey pair(String alias) {
        Generation now = generation;
        if (now == null) {
            return null;
        }
        if (alias.equals(ALIAS + now.number())) {
            return now.pair();
        }
        return alias.equals(ALIAS + (now.number() - 1)) ? now.previous() : null;
    }
}
