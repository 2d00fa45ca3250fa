package io.daybook.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;

/** Rows of CSV or TSV; the payload has all columns as strings, in their order. */
final class DelimitedRows implements Rows {

    private final DelimitedReader reader;
    private final int[] columns = new int[Role.values().length];
    private final ByteArrayOutputStream payload = new ByteArrayOutputStream(1024);
    private long number;

    private DelimitedRows(DelimitedReader reader) {
        this.reader = reader;
    }

    /** The rows under this header, whose columns must have those that are named. */
    static DelimitedRows of(DelimitedReader reader, Columns columns) {
        DelimitedRows rows = new DelimitedRows(reader);
        for (Role role : Role.values()) {
            // An empty input has no header, and no row that would need one.
            rows.columns[role.ordinal()] = columns.has(role) && !reader.header().isEmpty() ? reader.column(columns.name(role)) : -1;
        }
        return rows;
    }

    @Override
    public Row next() throws IOException {
        List<String> fields = reader.next();
        if (fields == null) return null;
        String[] values = new String[columns.length];
        for (int role = 0; role < columns.length; role++) {
            if (columns[role] >= 0) values[role] = fields.get(columns[role]);
        }
        return new Row(++number, reader.line(), values, json(fields));
    }

    private byte[] json(List<String> fields) throws IOException {
        payload.reset();
        try (JsonGenerator json = Json.MAPPER.createGenerator(payload)) {
            json.writeStartObject();
            for (int i = 0; i < fields.size(); i++) json.writeStringField(reader.header().get(i), fields.get(i));
            json.writeEndObject();
        }
        return payload.toByteArray();
    }
}
