-- Sessions come in the order of time, and their ids in none: a key that begins with the
-- id touches another page of a large index for each row, one that begins with the time
-- stays on the last ones. It also finds old rows to drop.
DROP INDEX tiendi.live_sessions_start;
ALTER TABLE tiendi.live_sessions
    DROP CONSTRAINT live_sessions_pkey,
    ADD PRIMARY KEY (started_at, session_id);
