-- What free-text search reads (src/db/search-text.ts says how both texts are made). Neither index keeps its text.
CREATE VIRTUAL TABLE entry_search USING fts5(
  folded, starts,
  content = '', columnsize = 0, tokenize = 'trigram case_sensitive 1'
);
--> statement-breakpoint
CREATE VIRTUAL TABLE entry_gram USING fts5(
  grams,
  content = '', columnsize = 0, detail = none, tokenize = 'ascii'
);
--> statement-breakpoint
-- One row a model, everything people ask for side by side. Prices in USD per 1M tokens, limits in tokens; NULL is
-- unknown, never free or zero. A capability is 1 or 0 as upstream says, NULL where it says nothing.
CREATE VIEW v_model AS
SELECT
  m.id,
  m.provider,
  p.name AS provider_name,
  m.model_id,
  m.name,
  m.family,
  e.lab,              -- whose model it is, by the catalog's own rule
  e.party,            -- who offers it: 0 the lab itself, 1 a well-known host, 2 anyone else
  m.canonical_model_id,
  m.status,           -- NULL: in service
  m.open_weights,
  m.release_date,     -- as written upstream: YYYY-MM-DD or YYYY-MM
  m.last_updated,
  m.knowledge,
  (SELECT supported FROM model_capability WHERE model = m.pk AND capability = 'attachment') AS attachment,
  (SELECT supported FROM model_capability WHERE model = m.pk AND capability = 'reasoning') AS reasoning,
  (SELECT supported FROM model_capability WHERE model = m.pk AND capability = 'tool_call') AS tool_call,
  (SELECT supported FROM model_capability WHERE model = m.pk AND capability = 'structured_output') AS structured_output,
  (SELECT supported FROM model_capability WHERE model = m.pk AND capability = 'temperature') AS temperature,
  (SELECT supported FROM model_capability WHERE model = m.pk AND capability = 'interleaved') AS interleaved,
  (SELECT tokens FROM model_limit WHERE model = m.pk AND kind = 'context') AS context,
  (SELECT tokens FROM model_limit WHERE model = m.pk AND kind = 'output') AS output,
  (SELECT usd_per_mtok FROM model_cost WHERE model = m.pk AND kind = 'input') AS input_usd,
  (SELECT usd_per_mtok FROM model_cost WHERE model = m.pk AND kind = 'output') AS output_usd,
  (SELECT usd_per_mtok FROM model_cost WHERE model = m.pk AND kind = 'cache_read') AS cache_read_usd,
  (SELECT usd_per_mtok FROM model_cost WHERE model = m.pk AND kind = 'cache_write') AS cache_write_usd
FROM model m
JOIN entry e ON e.id = m.pk
LEFT JOIN provider p ON p.id = m.provider;
--> statement-breakpoint
-- One row a price, tiers included: a tier's prices hold above `tier_size` (in the unit `tier_type` names).
CREATE VIEW v_price AS
SELECT m.id, m.provider, m.model_id, c.kind, NULL AS tier_type, NULL AS tier_size, c.usd_per_mtok
FROM model m
JOIN model_cost c ON c.model = m.pk
UNION ALL
SELECT m.id, m.provider, m.model_id, t.kind, t.type, t.size, t.usd_per_mtok
FROM model m
JOIN model_cost_tier t ON t.model = m.pk;
