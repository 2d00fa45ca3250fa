package io.daybook.bench.contender;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.attribute.UserPrincipal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * A PostgreSQL server with a cluster of its own in a folder, reached by a Unix socket there and not by the network. It refuses to run as
 * root; then it is run as the user {@code postgres}, who may pass the folders above, which belong to root.
 */
final class PostgresqlServer implements AutoCloseable {

    private static final Path INSTALLATIONS = Paths.get("/usr/lib/postgresql");
    private static final String ROOT = "root";
    private static final String OWNER = "postgres";
    private static final Path SETPRIV = Paths.get("/usr/bin/setpriv");
    private static final List<String> AS_OWNER = List.of(SETPRIV.toString(), "--reuid=" + OWNER, "--regid=" + OWNER, "--clear-groups",
            "--inh-caps=+dac_override", "--ambient-caps=+dac_override");
    private static final String DATABASE = "postgres";
    private static final String SOCKET = ".s.PGSQL.5432";
    private static final int LONGEST_SOCKET_PATH = 107;

    private final ServerProcess process;
    private final String socket;

    private PostgresqlServer(ServerProcess process, Path socket) {
        this.process = process;
        this.socket = socket.toString();
    }

    /** What is missing on this machine. */
    static Optional<String> missing() {
        if (programs().isEmpty()) {
            return Optional.of("PostgreSQL's server is not installed (Debian: apt-get install postgresql): folder=" + INSTALLATIONS);
        }
        if (isRoot() && !(Files.isExecutable(SETPRIV) && ownerExists())) {
            return Optional.of("PostgreSQL does not run as root, and what runs it as another user is missing: user=" + OWNER
                    + " program=" + SETPRIV);
        }
        return Optional.empty();
    }

    /** Starts the server; its cluster is made if the folder has none. Each setting is {@code name=value}. */
    static PostgresqlServer start(Path folder, List<String> settings) throws IOException {
        String why = missing().orElse(null);
        if (why != null) throw new IOException(why);
        Path data = Files.createDirectories(folder.toAbsolutePath().resolve("data"));
        Path socket = data.resolve(SOCKET);
        if (socket.toString().length() > LONGEST_SOCKET_PATH) {
            throw new IOException("The path of PostgreSQL's socket is too long: path=" + socket + " limit=" + LONGEST_SOCKET_PATH);
        }
        if (!Files.exists(data.resolve("PG_VERSION"))) {
            create(data);
        }
        List<String> command = command("postgres", "-D", data.toString(), "-k", ".", "-h", "");
        settings.forEach(setting -> command.addAll(List.of("-c", setting)));
        PostgresqlServer server = new PostgresqlServer(ServerProcess.start(folder, command), socket);
        server.process.awaitReady(server::answers);
        return server;
    }

    private static void create(Path data) throws IOException {
        if (isRoot()) {
            Files.setOwner(data, owner());
        }
        ServerProcess.run(data.getParent(), command("initdb", "-D", data.toString(), "-U", OWNER, "--auth=trust",
                "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"));
    }

    /** A new connection, of one thread; statements are prepared by the server at their first use and take and give binary values. */
    Connection connect() throws SQLException {
        Properties properties = new Properties();
        PGProperty.USER.set(properties, OWNER);
        PGProperty.SOCKET_FACTORY.set(properties, UnixSocketFactory.class.getName());
        PGProperty.SOCKET_FACTORY_ARG.set(properties, socket);
        PGProperty.SSL_MODE.set(properties, "disable");
        PGProperty.GSS_ENC_MODE.set(properties, "disable");
        PGProperty.PREPARE_THRESHOLD.set(properties, -1);
        return new Driver().connect("jdbc:postgresql://localhost/" + DATABASE, properties);
    }

    private boolean answers() {
        try (Connection connection = connect()) {
            return connection.isValid(0);
        } catch (SQLException e) {
            return false;
        }
    }

    @Override
    public void close() {
        process.close();
    }

    private static List<String> command(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            command.addAll(AS_OWNER);
        }
        command.add(programs().orElseThrow().resolve(program).toString());
        command.addAll(List.of(arguments));
        return command;
    }

    /** The folder with the programs of the newest version. */
    private static Optional<Path> programs() {
        if (!Files.isDirectory(INSTALLATIONS)) return Optional.empty();
        try (Stream<Path> versions = Files.list(INSTALLATIONS)) {
            return versions.map(version -> version.resolve("bin")).filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                    .max(Comparator.comparing(Path::toString));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static UserPrincipal owner() throws IOException {
        return FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(OWNER);
    }

    private static boolean ownerExists() {
        try {
            return owner() != null;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isRoot() {
        return ROOT.equals(System.getProperty("user.name"));
    }
}
