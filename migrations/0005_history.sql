CREATE TABLE state (
  -- The states of the catalog that are known, the oldest first. The other tables hold the last one.
  seq integer PRIMARY KEY NOT NULL, -- which one, from 1
  version text NOT NULL, -- the dataset version
  at text NOT NULL, -- from when on it holds, RFC 3339, UTC
  source text NOT NULL, -- as in dataset
  providers integer NOT NULL, -- how many
  models integer NOT NULL, -- how many
  last_change integer NOT NULL -- the highest change.id up to and with this state
);
--> statement-breakpoint
CREATE TABLE subject (
  -- What changed at some time: a provider, or a model under all the letter cases of its id.
  id integer PRIMARY KEY NOT NULL, -- joins change
  provider text NOT NULL, -- the provider
  model_id text, -- the id at that provider; NULL for the provider itself
  lower_id text NOT NULL -- the whole id in lower case
);
--> statement-breakpoint
CREATE INDEX subject_by_lower_id ON subject (lower_id);
--> statement-breakpoint
CREATE TABLE change (
  -- What v_change shows, without names and dates.
  id integer PRIMARY KEY NOT NULL, -- ascends with the states
  state integer NOT NULL, -- state.seq
  subject integer NOT NULL, -- subject.id
  kind text NOT NULL, -- added, removed, returned, renamed, changed
  field text, -- what was changed; a dot in a name is written ~1, a ~ as ~0
  before text, -- JSON, NULL where there was nothing; all of what was removed, the id of what was renamed
  after text -- JSON, NULL where there is nothing
);
--> statement-breakpoint
CREATE INDEX change_by_subject ON change (subject);
--> statement-breakpoint
CREATE VIEW v_change AS
-- One row a change of a provider, a model or a field. The order of id is that of time.
SELECT
  c.id, -- the change
  st.at, -- from when on it holds, RFC 3339, UTC
  st.version, -- the dataset version it led to
  CASE WHEN s.model_id IS NULL THEN s.provider ELSE s.provider || '/' || s.model_id END
    AS subject, -- what it is about, as it is called now: provider/model_id, or provider
  s.provider, -- the provider
  s.model_id, -- the id at that provider; NULL where the provider itself changed
  c.kind, -- added, removed, returned, renamed, changed
  c.field, -- what was changed: status, cost.input, limit.context, …
  c.before, -- JSON; all of what was removed, the id of what was renamed
  c.after -- JSON
FROM change c
JOIN state st ON st.seq = c.state
JOIN subject s ON s.id = c.subject;
--> statement-breakpoint
-- History begins with what the file holds.
INSERT INTO state SELECT 1, version, ingested_at, source, providers, models, 0 FROM dataset;
