-- What an overlay changed, and how to undo it.
CREATE TABLE overlay_field (
  -- The fields that the overlay decides; all others are upstream's.
  id text NOT NULL, -- provider/model_id, or a provider's id
  field text NOT NULL, -- dotted: cost.input
  value text, -- what it was set to, as JSON; NULL where it was removed
  PRIMARY KEY (id, field)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE overlay_original (
  -- What upstream sent for all that the overlay touched, so that it can be undone.
  id text PRIMARY KEY NOT NULL, -- provider/model_id, or a provider's id
  json text -- the model or the provider's own fields as sent; NULL for what only the overlay has
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE overlay_notice (
  -- The parts of the overlay that have no effect.
  position integer PRIMARY KEY NOT NULL, -- place in the report, from 0
  what text NOT NULL, -- which part: override acme/model
  why text NOT NULL -- what is in its way
);
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
  overlay_digest text, -- SHA-256 of the overlay's content; NULL without one
  CONSTRAINT dataset_one_row CHECK (id = 1)
);
--> statement-breakpoint
INSERT INTO dataset
SELECT id, version, source, fetched_at, ingested_at, providers, models, set_aside, build, source_digest, NULL
FROM old_dataset;
--> statement-breakpoint
DROP TABLE old_dataset;
