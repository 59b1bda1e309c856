-- Live figures, as the stream knows them. A row is what one partition counts:
-- absolute, with the revision that it is of, so that a late or repeated write is
-- told from a new one.
CREATE TABLE tiendi.live_minute (
    store_id        uuid          NOT NULL,
    kind            text          NOT NULL CHECK (kind IN ('store', 'product', 'store_source')),
    window_start    timestamptz   NOT NULL,
    product_id      uuid          NOT NULL,  -- zero but for kind product
    source          text          NOT NULL,  -- empty but for kind store_source
    partition       integer       NOT NULL,
    views           bigint        NOT NULL,
    carts           bigint        NOT NULL,
    checkouts       bigint        NOT NULL,
    purchases       bigint        NOT NULL,
    units           bigint        NOT NULL,
    live_revenue    numeric(18,2) NOT NULL,
    visitors_sketch bytea,                   -- HyperLogLog in Redis's format
    revision        bigint        NOT NULL,
    PRIMARY KEY (store_id, kind, window_start, product_id, source, partition)
) WITH (fillfactor = 75);  -- rows are written many times: leave room beside them

CREATE TABLE tiendi.live_daily (
    store_id        uuid          NOT NULL,
    kind            text          NOT NULL CHECK (kind IN ('store', 'product', 'store_source')),
    window_start    date          NOT NULL,  -- a day in the project's time zone
    product_id      uuid          NOT NULL,
    source          text          NOT NULL,
    partition       integer       NOT NULL,
    views           bigint        NOT NULL,
    carts           bigint        NOT NULL,
    checkouts       bigint        NOT NULL,
    purchases       bigint        NOT NULL,
    units           bigint        NOT NULL,
    live_revenue    numeric(18,2) NOT NULL,
    visitors_sketch bytea,
    revision        bigint        NOT NULL,
    PRIMARY KEY (store_id, kind, window_start, product_id, source, partition)
) WITH (fillfactor = 75);

-- For platform figures of some hours or days, and for dropping old rows.
CREATE INDEX live_minute_start ON tiendi.live_minute USING brin (window_start);
CREATE INDEX live_daily_start ON tiendi.live_daily USING brin (window_start);

-- Trying to compress a sketch costs more than its bytes do.
ALTER TABLE tiendi.live_minute ALTER COLUMN visitors_sketch SET STORAGE EXTERNAL;
ALTER TABLE tiendi.live_daily ALTER COLUMN visitors_sketch SET STORAGE EXTERNAL;

-- What readers want: whole windows. Distinct visitors are not here, since they do
-- not add up: who comes in two partitions would count twice. Sketches have to be
-- merged, which Redis and the warehouse do.
CREATE VIEW tiendi.live_minute_totals AS
SELECT kind, window_start, store_id, product_id, source,
       sum(views)::bigint AS views, sum(carts)::bigint AS carts, sum(checkouts)::bigint AS checkouts,
       sum(purchases)::bigint AS purchases, sum(units)::bigint AS units,
       sum(live_revenue)::numeric(18,2) AS live_revenue
FROM tiendi.live_minute
GROUP BY store_id, kind, window_start, product_id, source;

CREATE VIEW tiendi.live_daily_totals AS
SELECT kind, window_start, store_id, product_id, source,
       sum(views)::bigint AS views, sum(carts)::bigint AS carts, sum(checkouts)::bigint AS checkouts,
       sum(purchases)::bigint AS purchases, sum(units)::bigint AS units,
       sum(live_revenue)::numeric(18,2) AS live_revenue
FROM tiendi.live_daily
GROUP BY store_id, kind, window_start, product_id, source;

-- Sessions, those that are gone too: their revision keeps an older late write from
-- bringing them back. Readers take the view.
CREATE TABLE tiendi.live_sessions (
    session_id              uuid          NOT NULL,
    started_at              timestamptz   NOT NULL,
    ended_at                timestamptz   NOT NULL,
    user_id                 uuid,                    -- null where nobody is known
    closed                  boolean       NOT NULL,  -- takes no more events
    gone                    boolean       NOT NULL,  -- a part of another by now
    events                  bigint        NOT NULL,
    page_views              bigint        NOT NULL,
    entry_url               text          NOT NULL,
    exit_url                text          NOT NULL,
    device_type             text          NOT NULL,
    os                      text          NOT NULL,
    browser                 text          NOT NULL,
    country                 text          NOT NULL,
    source                  text          NOT NULL,
    store_ids               uuid[]        NOT NULL,
    has_product_view        boolean       NOT NULL,
    has_cart                boolean       NOT NULL,
    has_checkout            boolean       NOT NULL,
    has_purchase            boolean       NOT NULL,
    purchase_after_cart     boolean       NOT NULL,
    purchase_after_checkout boolean       NOT NULL,
    bounced                 boolean       NOT NULL,
    engaged                 boolean       NOT NULL,
    reached_step            smallint      NOT NULL,  -- of the funnel; 1 is the visit
    live_revenue            numeric(18,2) NOT NULL,
    revision                bigint        NOT NULL,
    PRIMARY KEY (session_id, started_at)
) WITH (fillfactor = 75);

CREATE INDEX live_sessions_start ON tiendi.live_sessions USING brin (started_at);

CREATE VIEW tiendi.sessions AS SELECT * FROM tiendi.live_sessions WHERE NOT gone;

-- How far each partition of a topic is in the tables above, written with them.
CREATE TABLE tiendi.stream_applied (
    topic     text   NOT NULL,
    partition integer NOT NULL,
    log       text   NOT NULL,  -- which log it is a position of
    next      bigint NOT NULL,  -- lowest offset that is not in yet
    progress  jsonb  NOT NULL,  -- all that a reader needs to go on
    PRIMARY KEY (topic, partition)
);
