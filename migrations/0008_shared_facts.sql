-- What many models have in common stands once, in sets, and each model says which sets are its own. The tables of a row for
-- each model and fact become views of the same names and columns. What a file holds stays as it is, with a set for each
-- model; the next ingest puts equal ones together.
DROP VIEW v_price;
--> statement-breakpoint
DROP VIEW v_model;
--> statement-breakpoint
ALTER TABLE model RENAME TO old_model;
--> statement-breakpoint
CREATE TABLE model (
  -- One row a model of a provider. pk is the place in the standing order. It changes when the catalog does: keep id.
  pk integer PRIMARY KEY NOT NULL, -- joins all views and tables of model.pk
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
  capabilities integer, -- which set of model_capability
  modalities integer, -- which set of model_modality
  limits integer, -- which set of model_limit
  costs integer, -- which set of model_cost and model_cost_tier
  reasoning_options integer, -- which set of model_reasoning_option
  extra text, -- what was sent and has no column, as JSON
  digest text NOT NULL -- hash of the model's content: tells whether it changed
);
--> statement-breakpoint
INSERT INTO model (
  pk, provider, model_id, name, description, family, canonical_model_id, release_date, last_updated, knowledge,
  open_weights, status, capabilities, modalities, limits, costs, reasoning_options, extra, digest
)
SELECT
  pk, provider, model_id, name, description, family, canonical_model_id, release_date, last_updated, knowledge,
  open_weights, status, pk, pk, pk, pk, pk, extra, digest
FROM old_model;
--> statement-breakpoint
DROP TABLE old_model;
--> statement-breakpoint
CREATE UNIQUE INDEX model_by_id ON model (id);
--> statement-breakpoint
CREATE TABLE capability_set (
  id integer NOT NULL, -- model.capabilities
  capability text NOT NULL, -- attachment, reasoning, tool_call, structured_output, temperature, interleaved
  supported integer NOT NULL, -- 1 or 0
  detail text, -- the JSON object that some models send in place of true
  PRIMARY KEY (id, capability)
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO capability_set SELECT model, capability, supported, detail FROM model_capability;
--> statement-breakpoint
DROP TABLE model_capability;
--> statement-breakpoint
CREATE VIEW model_capability AS
-- A capability that upstream does not mention has no row.
SELECT
  m.pk AS model, -- model.pk
  s.capability, -- attachment, reasoning, tool_call, structured_output, temperature, interleaved
  s.supported, -- 1 or 0
  s.detail -- the JSON object that some models send in place of true
FROM model m
JOIN capability_set s ON s.id = m.capabilities;
--> statement-breakpoint
CREATE TABLE modality_set (
  id integer NOT NULL, -- model.modalities
  direction text NOT NULL, -- input or output
  position integer NOT NULL, -- place in the list, from 0
  modality text NOT NULL, -- text, image, audio, video, pdf
  PRIMARY KEY (id, direction, position)
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO modality_set SELECT model, direction, position, modality FROM model_modality;
--> statement-breakpoint
DROP TABLE model_modality;
--> statement-breakpoint
CREATE VIEW model_modality AS
-- What a model reads and writes.
SELECT
  m.pk AS model, -- model.pk
  s.direction, -- input or output
  s.position, -- place in the list, from 0
  s.modality -- text, image, audio, video, pdf
FROM model m
JOIN modality_set s ON s.id = m.modalities;
--> statement-breakpoint
CREATE TABLE limit_set (
  id integer NOT NULL, -- model.limits
  kind text NOT NULL, -- context, input, output
  tokens integer NOT NULL, -- how many
  PRIMARY KEY (id, kind)
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO limit_set SELECT model, kind, tokens FROM model_limit;
--> statement-breakpoint
DROP TABLE model_limit;
--> statement-breakpoint
CREATE VIEW model_limit AS
-- How much a model takes and gives. A limit that upstream does not mention has no row.
SELECT
  m.pk AS model, -- model.pk
  s.kind, -- context, input, output
  s.tokens -- how many
FROM model m
JOIN limit_set s ON s.id = m.limits;
--> statement-breakpoint
CREATE TABLE cost_set (
  id integer NOT NULL, -- model.costs
  kind text NOT NULL, -- what is priced, as in v_price
  usd_per_mtok real NOT NULL, -- USD per 1M tokens
  PRIMARY KEY (id, kind)
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO cost_set SELECT model, kind, usd_per_mtok FROM model_cost;
--> statement-breakpoint
DROP TABLE model_cost;
--> statement-breakpoint
CREATE VIEW model_cost AS
-- A price that upstream does not mention has no row: unknown, not free.
SELECT
  m.pk AS model, -- model.pk
  s.kind, -- what is priced, as in v_price
  s.usd_per_mtok -- USD per 1M tokens
FROM model m
JOIN cost_set s ON s.id = m.costs;
--> statement-breakpoint
CREATE TABLE cost_tier_set (
  id integer NOT NULL, -- model.costs
  position integer NOT NULL, -- which tier, from 0
  type text, -- what the tier is measured in
  size integer, -- where the tier begins
  kind text NOT NULL, -- what is priced
  usd_per_mtok real NOT NULL, -- USD per 1M tokens
  PRIMARY KEY (id, position, kind)
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO cost_tier_set SELECT model, position, type, size, kind, usd_per_mtok FROM model_cost_tier;
--> statement-breakpoint
DROP TABLE model_cost_tier;
--> statement-breakpoint
CREATE VIEW model_cost_tier AS
-- Prices that hold above a threshold.
SELECT
  m.pk AS model, -- model.pk
  s.position, -- which tier, from 0
  s.type, -- what the tier is measured in
  s.size, -- where the tier begins
  s.kind, -- what is priced
  s.usd_per_mtok -- USD per 1M tokens
FROM model m
JOIN cost_tier_set s ON s.id = m.costs;
--> statement-breakpoint
CREATE TABLE reasoning_option_set (
  id integer NOT NULL, -- model.reasoning_options
  position integer NOT NULL, -- place in the list, from 0
  type text, -- effort, toggle, budget_tokens
  option text NOT NULL, -- the whole option, as JSON
  PRIMARY KEY (id, position)
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO reasoning_option_set SELECT model, position, type, option FROM model_reasoning_option;
--> statement-breakpoint
DROP TABLE model_reasoning_option;
--> statement-breakpoint
CREATE VIEW model_reasoning_option AS
-- How a model's reasoning can be set.
SELECT
  m.pk AS model, -- model.pk
  s.position, -- place in the list, from 0
  s.type, -- effort, toggle, budget_tokens
  s.option -- the whole option, as JSON
FROM model m
JOIN reasoning_option_set s ON s.id = m.reasoning_options;
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
  (SELECT supported FROM capability_set WHERE id = m.capabilities AND capability = 'attachment')
    AS attachment, -- takes files
  (SELECT supported FROM capability_set WHERE id = m.capabilities AND capability = 'reasoning')
    AS reasoning, -- reasons
  (SELECT supported FROM capability_set WHERE id = m.capabilities AND capability = 'tool_call')
    AS tool_call, -- calls tools
  (SELECT supported FROM capability_set WHERE id = m.capabilities AND capability = 'structured_output')
    AS structured_output, -- answers to a schema
  (SELECT supported FROM capability_set WHERE id = m.capabilities AND capability = 'temperature')
    AS temperature, -- takes a temperature
  (SELECT supported FROM capability_set WHERE id = m.capabilities AND capability = 'interleaved')
    AS interleaved, -- reasons between tool calls
  (SELECT tokens FROM limit_set WHERE id = m.limits AND kind = 'context')
    AS context, -- context window, tokens
  (SELECT tokens FROM limit_set WHERE id = m.limits AND kind = 'output')
    AS output, -- longest answer, tokens
  (SELECT usd_per_mtok FROM cost_set WHERE id = m.costs AND kind = 'input')
    AS input_usd, -- input price, USD per 1M tokens
  (SELECT usd_per_mtok FROM cost_set WHERE id = m.costs AND kind = 'output')
    AS output_usd, -- output price, USD per 1M tokens
  (SELECT usd_per_mtok FROM cost_set WHERE id = m.costs AND kind = 'cache_read')
    AS cache_read_usd, -- price of input read from a cache
  (SELECT usd_per_mtok FROM cost_set WHERE id = m.costs AND kind = 'cache_write')
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
JOIN cost_set c ON c.id = m.costs
UNION ALL
SELECT m.id, m.provider, m.model_id, t.kind, t.type, t.size, t.usd_per_mtok
FROM model m
JOIN cost_tier_set t ON t.id = m.costs;
