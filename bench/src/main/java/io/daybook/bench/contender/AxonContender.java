package io.daybook.bench.contender;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.axonframework.common.Registration;
import org.axonframework.common.caching.Cache;
import org.axonframework.common.lock.DeadlockException;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventsourcing.AbstractAggregateFactory;
import org.axonframework.eventsourcing.EventSourcingRepository;
import org.axonframework.eventsourcing.eventstore.DomainEventStream;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.modelling.command.Aggregate;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateLifecycle;
import org.axonframework.modelling.command.Repository;

/**
 * Axon Framework with its engine in memory. That engine stores whatever it is given; what guards a version is the repository: it holds
 * the lock of the aggregate, and its version, until the unit of work ends. Hence an append is a unit of work here, as in a command handler.
 */
final class AxonContender implements Contender {

    @Override
    public String name() {
        return "axon";
    }

    @Override
    public String title() {
        return "Axon Framework 4.13, in memory";
    }

    @Override
    public boolean checksVersions() {
        return true;
    }

    @Override
    public Set<Durability> durabilities() {
        return EnumSet.of(Durability.DV);
    }

    @Override
    public String setup() {
        return "InMemoryEventStorageEngine, EmbeddedEventStore; the version is checked by a CachingEventSourcingRepository with pessimistic"
                + " locks, a unit of work an append, all aggregates cached; the engine has no index: a load, an entity's first append and"
                + " one after a batch refused scan all events";
    }

    @Override
    public EventLog open(Path folder, Durability durability) {
        EventStorageEngine engine = new InMemoryEventStorageEngine();
        EmbeddedEventStore store = EmbeddedEventStore.builder().storageEngine(engine).build();
        Repository<Account> accounts = EventSourcingRepository.builder(Account.class)
                .aggregateFactory(new Accounts()).cache(new HeapCache()).eventStore(store).build();
        return new Log(engine, store, accounts);
    }

    private record Log(EventStorageEngine engine, EmbeddedEventStore store, Repository<Account> accounts) implements EventLog {
        @Override
        public Writer writer() {
            return new RepositoryWriter(accounts);
        }

        @Override
        public Reader reader() {
            return new EngineReader(engine);
        }

        @Override
        public void close() {
            store.shutDown();
        }
    }

    /** The aggregate: its events are only kept, so it has no state. Axon finds the identifier by the annotation and never changes it. */
    static final class Account {
        @AggregateIdentifier
        private final String entity;

        Account(String entity) {
            this.entity = entity;
        }
    }

    private static final class Accounts extends AbstractAggregateFactory<Account> {
        Accounts() {
            super(Account.class);
        }

        @Override
        @SuppressWarnings("rawtypes")
        protected Account doCreateAggregate(String entity, DomainEventMessage firstEvent) {
            return new Account(entity);
        }
    }

    private static final class RepositoryWriter implements Writer {
        private final Repository<Account> accounts;
        private final Batch single = new Batch(1);
        private long count;

        RepositoryWriter(Repository<Account> accounts) {
            this.accounts = accounts;
        }

        @Override
        public long append(String entity, long expected, byte[] payload) {
            return appendAll(single.clear().add(entity, expected, payload)) ? count : CONFLICT;
        }

        @Override
        public boolean appendAll(Batch batch) {
            while (true) {
                UnitOfWork<?> unit = DefaultUnitOfWork.startAndGet(null);
                try {
                    return appendIn(unit, batch);
                } catch (DeadlockException e) {
                    // Two units wanted each other's aggregates. Axon lets one of them go on; this one begins again.
                    unit.rollback(e);
                } catch (RuntimeException e) {
                    // A commit that fails rolls back by itself.
                    if (unit.isActive()) unit.rollback(e);
                    throw e;
                }
            }
        }

        private boolean appendIn(UnitOfWork<?> unit, Batch batch) {
            int applied = 0;
            while (applied < batch.size() && apply(batch.entity(applied), batch.expected(applied), batch.payload(applied))) {
                applied++;
            }
            boolean all = applied == batch.size();
            if (all || applied == 0) {
                // A unit without events ends like this too: a rollback would take the aggregate out of the cache.
                unit.commit();
            } else {
                unit.rollback();
            }
            count += all ? applied : 0;
            return all;
        }

        private boolean apply(String entity, long expected, byte[] payload) {
            Aggregate<Account> account;
            try {
                account = accounts.loadOrCreate(entity, () -> new Account(entity));
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException("Axon could not load an aggregate: entity=" + entity, e);
            }
            Long version = account.version();
            if ((version == null ? -1 : version) != expected) return false;
            byte[] kept = payload.clone(); // the engine keeps the object itself
            account.execute(root -> AggregateLifecycle.apply(kept));
            return true;
        }
    }

    private static final class EngineReader implements Reader {
        private final EventStorageEngine engine;
        private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

        EngineReader(EventStorageEngine engine) {
            this.engine = engine;
        }

        @Override
        public int load(String entity, Sink sink) {
            DomainEventStream events = engine.readEvents(entity);
            int count = 0;
            while (events.hasNext()) {
                handOut(events.next(), sink);
                count++;
            }
            return count;
        }

        @Override
        public long replay(Sink sink) {
            Iterator<? extends TrackedEventMessage<?>> events = engine.readEvents(null, false).iterator();
            long count = 0;
            while (events.hasNext()) {
                handOut((DomainEventMessage<?>) events.next(), sink);
                count++;
            }
            return count;
        }

        private void handOut(DomainEventMessage<?> event, Sink sink) {
            byte[] payload = (byte[]) event.getPayload();
            buffer.wrap(payload);
            sink.event(event.getSequenceNumber(), buffer, 0, payload.length);
        }
    }

    /** Axon's own cache holds weak references: each collection would empty it, and each append after that would scan all events. */
    private static final class HeapCache implements Cache {
        private final Map<Object, Object> entries = new ConcurrentHashMap<>();

        @Override
        @SuppressWarnings("unchecked")
        public <K, V> V get(K key) {
            return (V) entries.get(key);
        }

        @Override
        public void put(Object key, Object value) {
            entries.put(key, value);
        }

        @Override
        public boolean putIfAbsent(Object key, Object value) {
            return entries.putIfAbsent(key, value) == null;
        }

        @Override
        public boolean remove(Object key) {
            return entries.remove(key) != null;
        }

        @Override
        public boolean containsKey(Object key) {
            return entries.containsKey(key);
        }

        @Override
        public Registration registerCacheEntryListener(EntryListener listener) {
            throw new UnsupportedOperationException("Nobody listens to this cache.");
        }
    }
}
