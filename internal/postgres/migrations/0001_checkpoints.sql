-- What workers keep: their state, and who of them is alive.
CREATE SCHEMA IF NOT EXISTS tiendi;

CREATE TABLE tiendi.schema_migrations (
    version    integer     PRIMARY KEY,
    name       text        NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE tiendi.checkpoints (
    key     text        PRIMARY KEY,
    epoch   bigint      NOT NULL,
    version integer     NOT NULL,
    saved   timestamptz NOT NULL,
    bytes   bigint      NOT NULL,
    upload  uuid        NOT NULL  -- whose chunks are the data
);

-- A checkpoint's data, in pieces: a value of some hundred megabytes is held in
-- memory several times over by the server.
CREATE TABLE tiendi.checkpoint_chunks (
    key    text    NOT NULL,
    upload uuid    NOT NULL,
    number integer NOT NULL,
    data   bytea   NOT NULL,
    PRIMARY KEY (key, upload, number)
);
-- State is compressed by whoever makes it, or not worth it.
ALTER TABLE tiendi.checkpoint_chunks ALTER COLUMN data SET STORAGE EXTERNAL;

CREATE TABLE tiendi.members (
    id      text        PRIMARY KEY,
    host    text        NOT NULL,
    pid     integer     NOT NULL,
    started timestamptz NOT NULL,
    beat    timestamptz NOT NULL,
    status  json
);
