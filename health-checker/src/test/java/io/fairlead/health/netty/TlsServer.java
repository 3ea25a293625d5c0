package io.fairlead.health.netty;

import io.fairlead.core.net.IpAddress;
import io.fairlead.core.net.ServerAddress;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.StandardConstants;
import javax.net.ssl.TrustManagerFactory;

/** A server of TLS on loopback, made of the JDK's sockets. */
final class TlsServer implements AutoCloseable {

    private static final char[] PASSWORD = "changeit".toCharArray();

    private final SSLServerSocket listening;
    private final LinkedBlockingQueue<String> names = new LinkedBlockingQueue<>();

    /** @param clientAuthority who must have signed the client's certificate, in a list; none is asked for if it is empty */
    TlsServer(X509Bundle certificate, List<X509Bundle> clientAuthority, ScriptedServer.Script script) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(certificate.toKeyStore(PASSWORD), PASSWORD);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
        authorities.load(null, null);
        for (X509Bundle authority : clientAuthority) {
            authorities.setCertificateEntry("authority", authority.getCertificate());
        }
        if (!clientAuthority.isEmpty()) {
            trust.init(authorities);
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), clientAuthority.isEmpty() ? null : trust.getTrustManagers(), null);
        listening = (SSLServerSocket) context.getServerSocketFactory().createServerSocket();
        listening.setNeedClientAuth(!clientAuthority.isEmpty());
        listening.bind(new InetSocketAddress(IpAddress.parse("127.0.0.1").toInetAddress(), 0), 512);
        Thread.ofPlatform().daemon().name("tls-server").start(() -> acceptAll(script));
    }

    TlsServer(X509Bundle certificate) throws Exception {
        this(certificate, List.of(), ScriptedServer::waitForEnd);
    }

    private void acceptAll(ScriptedServer.Script script) {
        while (true) {
            try {
                SSLSocket connection = (SSLSocket) listening.accept();
                Thread.ofVirtual().start(() -> serve(connection, script));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(SSLSocket connection, ScriptedServer.Script script) {
        SSLParameters parameters = connection.getSSLParameters();
        parameters.setSNIMatchers(List.of(new SNIMatcher(StandardConstants.SNI_HOST_NAME) {
            @Override
            public boolean matches(SNIServerName name) {
                return names.add(new String(name.getEncoded(), StandardCharsets.US_ASCII));
            }
        }));
        connection.setSSLParameters(parameters);
        try (connection) {
            connection.startHandshake();
            script.serve(connection);
        } catch (IOException e) {
            // the peer has gone
        }
    }

    ServerAddress address() {
        return new ServerAddress(IpAddress.parse("127.0.0.1"), listening.getLocalPort());
    }

    /** Returns the names that clients have asked for. */
    LinkedBlockingQueue<String> names() {
        return names;
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
