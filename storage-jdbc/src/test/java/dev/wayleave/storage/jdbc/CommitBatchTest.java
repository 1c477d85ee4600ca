package dev.wayleave.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.command.Command;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rows of a large commit go in batches. */
class CommitBatchTest {

    @TempDir
    private Path folder;

    /** The sizes of the batches that were sent for users. */
    private final List<Integer> sent = new ArrayList<>();

    private DataSource watched(DataSource dataSource) {
        return DataSources.of(() -> watched(Connection.class, dataSource.getConnection(), ""));
    }

    private <T> T watched(Class<T> type, T target, String sql) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(target, arguments);
                        if (method.getName().equals("executeBatch") && sql.contains("wayleave_users")) {
                            sent.add(((int[]) result).length);
                        }
                        return method.getName().equals("prepareStatement")
                                ? watched(PreparedStatement.class, (PreparedStatement) result, (String) arguments[0])
                                : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    @Test
    void onlyFullBatchesAreSentBeforeTheEnd() {
        DataSource dataSource = Database.SQLITE.migrated(folder);
        List<User> users = IntStream.range(0, 5_001)
                .mapToObj(i -> User.builder(new UserId("u" + i), "user-" + i).build())
                .toList();
        Host.ofNew(JdbcRoutingStore.open(watched(dataSource))).does(new Command.SetUsers(Users.of(users)));

        assertThat(sent).containsExactly(5_000, 1);
    }
}
