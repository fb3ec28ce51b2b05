-- The tables and views that people query, each with its comments inside the statement: SQLite keeps those, so that
-- `.schema` and `modeldex sql --tables` show them. A column's comment stands on its own line's end.
DROP VIEW v_price;
--> statement-breakpoint
DROP VIEW v_model;
--> statement-breakpoint
ALTER TABLE dataset RENAME TO old_dataset;
--> statement-breakpoint
CREATE TABLE dataset (
  -- One row: which catalog this file holds.
  id integer PRIMARY KEY NOT NULL, -- always 1
  version text NOT NULL, -- hash of the content, as in X-Dataset-Version
  source text NOT NULL, -- seed, a path, or a URL without credentials and query
  fetched_at text NOT NULL, -- when the content was last read, RFC 3339, UTC
  ingested_at text NOT NULL, -- when the rows were last written
  providers integer NOT NULL, -- how many
  models integer NOT NULL, -- how many
  set_aside integer NOT NULL, -- how many entries did not parse
  build text NOT NULL, -- what the serving tables were built with: their layout and the curated lists
  source_digest text NOT NULL, -- SHA-256 of the source's text
  CONSTRAINT dataset_one_row CHECK (id = 1)
);
--> statement-breakpoint
INSERT INTO dataset
SELECT id, version, source, fetched_at, ingested_at, providers, models, set_aside, build, source_digest
FROM old_dataset;
--> statement-breakpoint
DROP TABLE old_dataset;
--> statement-breakpoint
ALTER TABLE provider RENAME TO old_provider;
--> statement-breakpoint
CREATE TABLE provider (
  -- Who serves models.
  id text PRIMARY KEY NOT NULL, -- the id, first part of every model id
  name text, -- display name
  npm text, -- package of its client for the AI SDK
  api text, -- base URL of its API
  doc text, -- URL of its documentation
  extra text -- what was sent and has no column, as JSON
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO provider SELECT id, name, npm, api, doc, extra FROM old_provider;
--> statement-breakpoint
DROP TABLE old_provider;
--> statement-breakpoint
ALTER TABLE provider_env RENAME TO old_provider_env;
--> statement-breakpoint
CREATE TABLE provider_env (
  -- The environment variables that hold a provider's credentials.
  provider text NOT NULL, -- the provider
  position integer NOT NULL, -- place in the list, from 0
  name text NOT NULL, -- an environment variable that holds its credentials
  PRIMARY KEY (provider, position)
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO provider_env SELECT provider, position, name FROM old_provider_env;
--> statement-breakpoint
DROP TABLE old_provider_env;
--> statement-breakpoint
ALTER TABLE model RENAME TO old_model;
--> statement-breakpoint
CREATE TABLE model (
  -- One row a model of a provider. pk is the place in the standing order. It changes when the catalog does: keep id.
  pk integer PRIMARY KEY NOT NULL, -- joins all tables below
  id text GENERATED ALWAYS AS (provider || '/' || model_id) VIRTUAL NOT NULL, -- provider/model_id, computed
  provider text NOT NULL, -- the provider
  model_id text NOT NULL, -- the id at that provider
  name text, -- display name
  description text, -- prose; the seed has none
  family text, -- model family
  canonical_model_id text, -- lab/model, the same for every offer of one model
  release_date text, -- as written upstream
  last_updated text, -- as written upstream
  knowledge text, -- knowledge cutoff
  open_weights integer, -- 1 open, 0 closed
  status text, -- alpha, beta, deprecated, or another word
  extra text, -- what was sent and has no column, as JSON
  digest text NOT NULL -- hash of the model's content: tells whether it changed
);
--> statement-breakpoint
INSERT INTO model (
  pk, provider, model_id, name, description, family, canonical_model_id, release_date, last_updated, knowledge,
  open_weights, status, extra, digest
)
SELECT
  pk, provider, model_id, name, description, family, canonical_model_id, release_date, last_updated, knowledge,
  open_weights, status, extra, digest
FROM old_model;
--> statement-breakpoint
DROP TABLE old_model;
--> statement-breakpoint
CREATE UNIQUE INDEX model_by_id ON model (id);
--> statement-breakpoint
ALTER TABLE model_capability RENAME TO old_model_capability;
--> statement-breakpoint
CREATE TABLE model_capability (
  -- A capability that upstream does not mention has no row.
  model integer NOT NULL, -- model.pk
  capability text NOT NULL, -- attachment, reasoning, tool_call, structured_output, temperature, interleaved
  supported integer NOT NULL, -- 1 or 0
  detail text, -- the JSON object that some models send in place of true
  PRIMARY KEY (model, capability)
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO model_capability SELECT model, capability, supported, detail FROM old_model_capability;
--> statement-breakpoint
DROP TABLE old_model_capability;
--> statement-breakpoint
ALTER TABLE model_modality RENAME TO old_model_modality;
--> statement-breakpoint
CREATE TABLE model_modality (
  -- What a model reads and writes.
  model integer NOT NULL, -- model.pk
  direction text NOT NULL, -- input or output
  position integer NOT NULL, -- place in the list, from 0
  modality text NOT NULL, -- text, image, audio, video, pdf
  PRIMARY KEY (model, direction, position)
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO model_modality SELECT model, direction, position, modality FROM old_model_modality;
--> statement-breakpoint
DROP TABLE old_model_modality;
--> statement-breakpoint
ALTER TABLE model_limit RENAME TO old_model_limit;
--> statement-breakpoint
CREATE TABLE model_limit (
  -- How much a model takes and gives. A limit that upstream does not mention has no row.
  model integer NOT NULL, -- model.pk
  kind text NOT NULL, -- context, input, output
  tokens integer NOT NULL, -- how many
  PRIMARY KEY (model, kind)
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO model_limit SELECT model, kind, tokens FROM old_model_limit;
--> statement-breakpoint
DROP TABLE old_model_limit;
--> statement-breakpoint
ALTER TABLE model_cost RENAME TO old_model_cost;
--> statement-breakpoint
CREATE TABLE model_cost (
  -- A price that upstream does not mention has no row: unknown, not free.
  model integer NOT NULL, -- model.pk
  kind text NOT NULL, -- what is priced, as in v_price
  usd_per_mtok real NOT NULL, -- USD per 1M tokens
  PRIMARY KEY (model, kind)
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO model_cost SELECT model, kind, usd_per_mtok FROM old_model_cost;
--> statement-breakpoint
DROP TABLE old_model_cost;
--> statement-breakpoint
ALTER TABLE model_cost_tier RENAME TO old_model_cost_tier;
--> statement-breakpoint
CREATE TABLE model_cost_tier (
  -- Prices that hold above a threshold.
  model integer NOT NULL, -- model.pk
  position integer NOT NULL, -- which tier, from 0
  type text, -- what the tier is measured in
  size integer, -- where the tier begins
  kind text NOT NULL, -- what is priced
  usd_per_mtok real NOT NULL, -- USD per 1M tokens
  PRIMARY KEY (model, position, kind)
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO model_cost_tier SELECT model, position, type, size, kind, usd_per_mtok FROM old_model_cost_tier;
--> statement-breakpoint
DROP TABLE old_model_cost_tier;
--> statement-breakpoint
ALTER TABLE model_reasoning_option RENAME TO old_model_reasoning_option;
--> statement-breakpoint
CREATE TABLE model_reasoning_option (
  -- How a model's reasoning can be set.
  model integer NOT NULL, -- model.pk
  position integer NOT NULL, -- place in the list, from 0
  type text, -- effort, toggle, budget_tokens
  option text NOT NULL, -- the whole option, as JSON
  PRIMARY KEY (model, position)
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO model_reasoning_option SELECT model, position, type, option FROM old_model_reasoning_option;
--> statement-breakpoint
DROP TABLE old_model_reasoning_option;
--> statement-breakpoint
CREATE VIEW v_model AS
-- One row a model, everything people ask for side by side. NULL is unknown, never free or zero; a capability is 1 or 0
-- as upstream says, NULL where it says nothing.
SELECT
  m.id, -- provider/model_id
  m.provider, -- who serves the model
  p.name AS provider_name, -- the provider's display name
  m.model_id, -- the id at that provider
  m.name, -- display name
  m.family, -- model family
  e.lab, -- whose model it is, by the rule that orders the catalog
  e.party, -- who offers it: 0 the lab itself, 1 a well-known host, 2 anyone else
  m.canonical_model_id, -- the same for every offer of one model: lab/model
  m.status, -- alpha, beta, deprecated; NULL in service
  m.open_weights, -- 1 open, 0 closed
  m.release_date, -- YYYY-MM-DD or YYYY-MM, as written upstream
  m.last_updated, -- when upstream last touched the entry
  m.knowledge, -- knowledge cutoff
  (SELECT supported FROM model_capability WHERE model = m.pk AND capability = 'attachment')
    AS attachment, -- takes files
  (SELECT supported FROM model_capability WHERE model = m.pk AND capability = 'reasoning')
    AS reasoning, -- reasons
  (SELECT supported FROM model_capability WHERE model = m.pk AND capability = 'tool_call')
    AS tool_call, -- calls tools
  (SELECT supported FROM model_capability WHERE model = m.pk AND capability = 'structured_output')
    AS structured_output, -- answers to a schema
  (SELECT supported FROM model_capability WHERE model = m.pk AND capability = 'temperature')
    AS temperature, -- takes a temperature
  (SELECT supported FROM model_capability WHERE model = m.pk AND capability = 'interleaved')
    AS interleaved, -- reasons between tool calls
  (SELECT tokens FROM model_limit WHERE model = m.pk AND kind = 'context')
    AS context, -- context window, tokens
  (SELECT tokens FROM model_limit WHERE model = m.pk AND kind = 'output')
    AS output, -- longest answer, tokens
  (SELECT usd_per_mtok FROM model_cost WHERE model = m.pk AND kind = 'input')
    AS input_usd, -- input price, USD per 1M tokens
  (SELECT usd_per_mtok FROM model_cost WHERE model = m.pk AND kind = 'output')
    AS output_usd, -- output price, USD per 1M tokens
  (SELECT usd_per_mtok FROM model_cost WHERE model = m.pk AND kind = 'cache_read')
    AS cache_read_usd, -- price of input read from a cache
  (SELECT usd_per_mtok FROM model_cost WHERE model = m.pk AND kind = 'cache_write')
    AS cache_write_usd -- price of input written to a cache
FROM model m
JOIN entry e ON e.id = m.pk
LEFT JOIN provider p ON p.id = m.provider;
--> statement-breakpoint
CREATE VIEW v_price AS
-- One row a price, tiers included.
SELECT
  m.id, -- provider/model_id
  m.provider, -- who serves the model
  m.model_id, -- the id at that provider
  c.kind, -- what is priced: input, output, cache_read, cache_write, reasoning, input_audio, output_audio, …
  NULL AS tier_type, -- what the tier is measured in: context; NULL for the base price
  NULL AS tier_size, -- where the tier begins, in tokens; NULL for the base price
  c.usd_per_mtok -- USD per 1M tokens
FROM model m
JOIN model_cost c ON c.model = m.pk
UNION ALL
SELECT m.id, m.provider, m.model_id, t.kind, t.type, t.size, t.usd_per_mtok
FROM model m
JOIN model_cost_tier t ON t.model = m.pk;
